"""What operations contribute to the command line (loader/areas.py)."""

from loader.areas import Area

AREA = Area(name="ops", commands="ops.commands:app")
