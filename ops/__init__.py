"""What production needs beside loading: status, log and health, audits, verification, comparison, downloads.

It stands on the loader as an area does (ops/area.py); the loader does not know it. Public names are in __init__.pyi.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
