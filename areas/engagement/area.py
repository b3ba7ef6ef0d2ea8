"""Customers and clickstream, and the results of campaigns."""

from loader.areas import Area

AREA = Area(
    name="engagement",
    place=1,
    commands="areas.engagement.commands:app",
    pages="areas.engagement.page:PAGES",
    run_command="spark9 engagement run",
)
