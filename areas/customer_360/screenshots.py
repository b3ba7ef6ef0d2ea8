"""The pictures of the page Customer 360, for `make screenshots`."""

import sys
from pathlib import Path

SHOTS = (
    {"name": "customer_360", "path": "customer_360", "height": 1000},
    {"name": "customer_360_churn", "path": "customer_360?show=Churn", "scheme": "dark", "height": 1100},
)
COMMAND = [str(Path(sys.executable).with_name("spark9")), "customer-360", "run-all", "--customer-count", "5000"]
