"""Customers and transactions of a card issuer, and the churn model."""

from loader.areas import Area

AREA = Area(
    name="customer_360",
    place=2,
    commands="areas.customer_360.commands:app",
    pages="areas.customer_360.page:PAGES",
    probes="areas.customer_360.probe:CHECKS",
    tables=("customer_360_tables",),
    run_command="spark9 customer-360 run-all",
)
