"""The plan says how a file will score, and the build then agrees."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.support import ACME, ROOT, ProjectUnderTest
from tests.written import meta_csv

PARTS = ("completeness", "validity", "consistency", "uniqueness", "conformity", "coverage", "data_quality_score")


def expected(acme: ProjectUnderTest, name: str, wave: int) -> tuple[Decimal, ...]:
    preview = acme.load(ROOT / "samples" / name, wave, dry_run=True).preview
    assert preview is not None
    return (*preview.parts.values(), preview.score)


@pytest.mark.slow
def test_the_expected_score_is_the_one_that_the_build_gives(acme: ProjectUnderTest) -> None:
    acme.load(ROOT / "samples/caterpillar_meta_naming_keys.csv", None)
    promised = {}
    for wave in (1, 2, 3):
        name = f"caterpillar_meta_wave{wave}.csv"
        promised[wave] = expected(acme, name, wave)
        acme.load(ROOT / "samples" / name, wave)
    acme.build_clients()
    scored = acme.query(
        f"select wave_number, {', '.join(PARTS)} from client_acme_meta_2024.wave_quality order by wave_number"
    )
    assert {wave: tuple(parts) for wave, *parts in scored} == promised
    assert len(set(promised.values())) > 1


def test_the_rows_are_those_that_the_build_makes(acme: ProjectUnderTest) -> None:
    file = acme.write("a.csv", meta_csv(4).replace("Clicks", "Klicks", 1))
    preview = acme.load(file, 1, dry_run=True).preview
    assert preview is not None
    acme.load(file, 1)
    acme.build_clients()
    listed = ", ".join(f"cast({name} as varchar)" if name == "additional_metrics" else name for name in preview.columns)
    assert preview.rows == acme.processed(f"row_number, {listed}")


def test_a_doubtful_row_is_said_before_it_is_loaded(acme: ProjectUnderTest) -> None:
    lines = meta_csv(4).splitlines()
    file = acme.write("a.csv", "\n".join([*lines, lines[-1]]) + "\n")
    preview = acme.load(file, 1, dry_run=True).preview
    assert preview is not None
    assert [bool(issue) for issue in preview.issues] == [False, False, False, False, True]
    assert "same row as an earlier one of the file" in preview.issues[-1]
    assert preview.parts["uniqueness"] == Decimal("0.8000")
    assert acme.query("select count(*) from client_acme_meta_2024.raw_data_staging") == [(0,)]


@pytest.mark.parametrize("name", ["caterpillar_meta_naming_keys.csv"])
def test_naming_keys_have_no_preview(acme: ProjectUnderTest, name: str) -> None:
    assert acme.load(ROOT / "samples" / name, None, ACME, dry_run=True).preview is None
