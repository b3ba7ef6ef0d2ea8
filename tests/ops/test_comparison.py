"""A wave is compared with the output of the process that it replaces."""

from __future__ import annotations

from decimal import Decimal

import pytest

import loader
import ops
from loader.errors import NameRefusedError, WaveRefusedError
from loader.waves.decisions import MappingChange
from tests.support import ACME, NAMED, ProjectUnderTest
from tests.written import META_HEADER, as_csv, meta_csv, meta_rows


def differences(project: ProjectUnderTest) -> list[str]:
    return [str(found) for load in ops.verify_waves(project.project, ACME) for found in load.differences]


def test_a_wave_is_compared_with_what_it_replaces(built: ProjectUnderTest) -> None:
    header = ["date_start", "Ad set", "Spend", "impressions", "Mood"]
    rows = [["01.01.2024", f"Set {n}", f"{n},50", 1000 + n, "good"] for n in range(1, 5)]
    reference = built.write("old.csv", as_csv([header, *rows], ";"))
    same = ops.compare_wave(built.project, ACME, 1, reference, ["ad_set_name", "date_start"])
    assert (same.agrees, same.matching_rows, same.not_compared) == (True, 4, ("Mood",))
    assert set(same.compared) == {"amount_spent", "impressions"}
    rows[0][2], rows[1][2] = "1,504", "9,50"
    rows[3][1] = "=cmd|' /C calc'!A0"
    reference.write_text(as_csv([header, *rows], ";"))
    options = ("compare", str(reference), *NAMED, "--wave", "1", "--on", "ad_set_name,date_start")
    report = built.root.parent / "report.csv"
    run = built.spark9(*options, "--report", str(report))
    assert run.code == 6
    assert "2 rows agree, 1 differ, 1 only in the wave, 1 only in the reference" in run.text
    assert "Set 2, 2024-01-01: amount_spent is 2.50000000 in the wave, 9.50000000 in the reference" in run.text
    assert "'=cmd|" in report.read_text()
    page = built.root.parent / "report.html"
    assert built.spark9(*options, "--report", str(page), "--tolerance", "10").code == 6
    assert "<td>only in the wave</td>" in page.read_text()
    assert "&#39; /C calc" in page.read_text()


@pytest.mark.slow
def test_rows_of_one_key_are_added_up_and_superseded_ones_left_out(built: ProjectUnderTest) -> None:
    built.load(built.write("more.csv", meta_csv(5)), 1)
    built.build_clients()
    reference = built.write("old.csv", "day,spend\n2024-01-01,17.5\n")
    found = ops.compare_wave(built.project, ACME, 1, reference, ["date_start"])
    assert (found.agrees, found.matching_rows, found.repeated_keys) == (True, 1, 4)


@pytest.mark.slow
def test_additional_and_promoted_columns_are_compared(acme: ProjectUnderTest) -> None:
    header = [*META_HEADER, "Video plays", "Mood"]
    acme.load(acme.write("a.csv", as_csv([header, *([*row, 7, "good"] for row in meta_rows(2))])), 1)
    loader.set_mapping(acme.project, ACME, 1, "Video plays", MappingChange(rule="promote"))
    acme.dbt("build", "--select", "clients")
    reference = acme.write("old.csv", "ad name,video plays,mood\nAd 1,7,good\nAd 2,8,bad\n")
    found = ops.compare_wave(acme.project, ACME, 1, reference, ["ad_name"])
    assert found.differences_by_column == {"video_plays": 1, "mood": 1}
    assert [entry.in_wave for entry in found.differences] == [Decimal(7), "good"]


@pytest.mark.slow
def test_a_comparison_that_cannot_be_made_is_refused(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(2)), 1)
    reference = acme.write("old.csv", "day,spend\n2024-01-01,17.5\n")
    with pytest.raises(WaveRefusedError, match="not built"):
        ops.compare_wave(acme.project, ACME, 1, reference, ["date_start"])
    acme.dbt("build", "--select", "clients")
    with pytest.raises(NameRefusedError, match="no column 'colour'"):
        ops.compare_wave(acme.project, ACME, 1, reference, ["colour"])
    with pytest.raises(WaveRefusedError, match="not loaded"):
        ops.compare_wave(acme.project, ACME, 7, reference, ["date_start"])
    options = ("compare", str(reference), *NAMED, "--wave", "1", "--on")
    assert acme.spark9(*options, "ad_name").code == 3
    assert acme.spark9(*options, "date_start", "--tolerance", "much").code == 2
