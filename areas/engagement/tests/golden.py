"""What is hashed of engagement, as in tests/golden."""

from __future__ import annotations

from pathlib import Path

import pytest

from areas.engagement.sample import sample
from tests.golden.tables import hashes_of_database
from tests.support import ProjectUnderTest, copy_project


def engagement(folder: Path) -> dict[str, str]:
    """The sample of `make engagement`, from a folder."""
    for name, content in sample().items():
        (folder / "bucket" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "bucket" / name).write_bytes(content)
    project = ProjectUnderTest(copy_project(folder / "project", "engagement"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK9_ENGAGEMENT_LOCATION", str(folder / "bucket"))
        run = project.spark9("engagement", "run")
    assert run.code == 0, run.text
    return hashes_of_database(project.database)


PARTS = {"engagement": engagement}
