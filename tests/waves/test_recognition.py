"""Whose export a file looks like: told for each export of each platform, or not at all, and never wrongly."""

from __future__ import annotations

from loader import find_project
from loader.files.headers import PlatformColumns
from loader.waves.columns import core_columns
from loader.waves.recognition import recognised_platform
from tests.platform_exports import PLATFORM_EXPORTS
from tests.support import ROOT, ProjectUnderTest

# words that all platforms use tell no platform, and Google's and Microsoft's downloads share most of theirs
NOT_TOLD = {"reddit api", "googleads en"}


def test_headers_propose_their_own_platform_and_no_other() -> None:
    project = find_project(ROOT)
    known, core = PlatformColumns(project), core_columns(project)
    told = {
        export.name: known.likely_platform([column.partition("=")[0] for column in export.columns], core)
        for export in PLATFORM_EXPORTS
    }
    assert {export.name for export in PLATFORM_EXPORTS if told[export.name] != export.platform} == NOT_TOLD
    assert {told[name] for name in NOT_TOLD} == {None}


def test_files_propose_it_too_whatever_they_come_in(project: ProjectUnderTest) -> None:
    assert recognised_platform(project.project, ROOT / "samples/nike_linkedin_wave1.csv") == "linkedin"
    assert recognised_platform(project.project, ROOT / "samples/startup_meta_wave2.csv") == "meta"
    assert (
        recognised_platform(project.project, project.write("a.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))) is None
    )
    assert recognised_platform(project.project, ROOT / "samples/no_such_file.csv") is None
