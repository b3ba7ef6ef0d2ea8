"""What is hashed of customer 360, as in tests/golden."""

from __future__ import annotations

from pathlib import Path

from tests.golden.tables import hashes_of_database
from tests.support import ProjectUnderTest, copy_project


def thousand_customers(folder: Path) -> ProjectUnderTest:
    """A thousand customers with eighteen months, by the one command."""
    project = ProjectUnderTest(copy_project(folder, "customer_360"))
    run = project.spark9("customer-360", "run-all", "--customer-count", "1000", "--as-of", "2026-06-30")
    assert run.code == 0, run.text
    assert "12 of 12 checks pass" in run.text
    return project


def customer_360(folder: Path) -> dict[str, str]:
    """Its tables; they are compared in test_pipeline.py, which has them built."""
    return hashes_of_database(thousand_customers(folder / "project").database)


PARTS = {"customer_360": customer_360}
