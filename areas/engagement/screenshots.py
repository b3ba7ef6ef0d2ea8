"""The pictures of the page Engagement, for `make screenshots`."""

import sys

SHOTS = ({"name": "engagement", "path": "engagement", "height": 1000},)
COMMAND = [sys.executable, "-P", "-m", "areas.engagement.sample"]
