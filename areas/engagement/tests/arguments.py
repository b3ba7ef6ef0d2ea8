"""What functions of engagement and of feeds must be given, for tests/test_keywords.py."""

from __future__ import annotations

from typing import Any

from areas.feeds.declared import feeds_of
from loader import Project


def arguments(project: Project) -> dict[str, Any]:
    """By the names of their parameters."""
    return {"area": "engagement", "feed": feeds_of(project, "engagement")[0]}
