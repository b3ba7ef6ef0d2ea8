"""What functions of customer 360 must be given, for tests/test_keywords.py."""

from __future__ import annotations

from typing import Any

from areas.customer_360.plan import AREA, GenerationRequest, area_feed
from loader import Project


def arguments(project: Project) -> dict[str, Any]:
    """By the names of their parameters."""
    return {"area": AREA, "feed": area_feed(project), "request": GenerationRequest(fresh=True), "bucket": "b"}
