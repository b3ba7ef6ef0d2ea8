"""What is hashed of customer 360, as in tests/golden."""

from __future__ import annotations

from pathlib import Path

from tests.golden.tables import hashes_of_database
from tests.support import ProjectUnderTest, copy_project


def customer_360(folder: Path) -> dict[str, str]:
    """The pipeline of `make test-pipeline`, with fewer customers."""
    project = ProjectUnderTest(copy_project(folder / "project", "customer_360"))
    run = project.spark9("customer-360", "run-all", "--customer-count", "300", "--as-of", "2026-06-30")
    assert run.code == 0, run.text
    return hashes_of_database(project.database)


PARTS = {"customer_360": customer_360}
