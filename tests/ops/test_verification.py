"""A load is proved from its original."""

from __future__ import annotations

import gzip
import shutil

import pytest

import loader
import ops
from tests.files.cases import cases
from tests.support import ACME, NAMED, SCHEMA, ProjectUnderTest, witnesses
from tests.written import META_HEADER, as_csv, meta_csv, meta_rows

TOTALS = as_csv([META_HEADER, *meta_rows(3), ["", "", "Total", "", "", "", 3006, 36, "7.50"]])


def differences(project: ProjectUnderTest) -> list[str]:
    return [str(found) for load in ops.verify_waves(project.project, ACME) for found in load.differences]


def test_a_load_is_verified_raw_and_processed(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", TOTALS), 1)
    (load,) = ops.verify_waves(acme.project, ACME)
    assert (load.rows, load.cells, load.sums, load.is_built, load.differences) == (4, 27, 4, False, [])
    acme.dbt("build", "--select", "clients")
    (load,) = ops.verify_waves(acme.project, ACME, 1)
    assert (load.is_built, load.differences) == (True, [])
    run = acme.spark9("verify", "--all")
    assert (run.code, "1 loads verified, none with differences" in run.text) == (0, True)


@pytest.mark.parametrize(
    ("damage", "seen"),
    [
        ("delete from {}.raw_data_staging where row_number = 2", "rows: 4 in the file, 3 in the table"),
        (
            "update {}.raw_data_staging set raw_data = json_merge_patch(raw_data, '{{\"Ad name\": null}}') where row_number = 1",
            "filled cells of 'Ad name': 4 in the file, 3 in the table",
        ),
        (
            'update {}.raw_data_staging set raw_data = json_merge_patch(raw_data, \'{{"Reach": "1"}}\') where row_number = 1',
            "sum of 'Reach', raw",
        ),
        ("update {}.processed_campaign_data set amount_spent = 0", "sum of amount_spent, processed"),
        ("delete from {}.processed_campaign_data where row_number = 3", "rows of data, processed: 4 in the file, 3"),
    ],
)
def test_damage_to_a_table_is_seen(built: ProjectUnderTest, damage: str, seen: str) -> None:
    built.change(damage.format(SCHEMA))
    assert any(seen in found for found in differences(built)), differences(built)
    assert built.spark9("verify", *NAMED, "--wave", "1").code == 6


def test_damage_to_the_original_is_seen(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv()), 1)
    (staged,) = (acme.root / "warehouse" / "stage").rglob("*.csv")
    staged.write_text(staged.read_text().replace("1.50", "9.50"))
    found = differences(acme)
    assert any("SHA-256 of the original" in text for text in found)
    assert any("sum of 'Amount spent (USD)', raw" in text for text in found)
    staged.unlink()
    assert any("can't be used" in text for text in differences(acme))


@pytest.mark.slow
def test_packed_files_sheets_and_options_are_verified_as_they_were_read(acme: ProjectUnderTest) -> None:
    chosen = {case.name: case for case in cases() if case.name in (
        "two tables, the first chosen", "a workbook in a zip", "a zip with two exports, one chosen",
        "no header, names given", "another encoding, named by the user",
    )}  # fmt: skip
    for wave, case in enumerate(chosen.values(), 1):
        path = acme.write(f"{wave}_{case.file_name}", case.content)
        acme.load(path, wave, options=loader.reading_options(**case.options))
    acme.load(acme.write("z.csv.gz", gzip.compress(meta_csv(5).encode())), 9)
    acme.dbt("build", "--select", "clients")
    loads = list(ops.verify_waves(acme.project, ACME))
    assert len(loads) == 6
    assert [load.differences for load in loads] == [[]] * 6


def test_verify_wants_a_client_or_all(acme: ProjectUnderTest) -> None:
    assert acme.spark9("verify").code == 2
    assert acme.spark9("verify", *NAMED, "--all").code == 2
    run = acme.spark9("verify", *NAMED, "--wave", "4")
    assert (run.code, "Wave 4 of acme/meta/2024 is not loaded" in run.text) == (3, True)


KEYS = "Ad Set Name,Theme\nprospecting_us,Spring\n"


@pytest.mark.parametrize("damage", witnesses(["lost", "changed", "with its folder"]))
def test_a_lost_original_comes_back_with_the_same_file(acme: ProjectUnderTest, damage: str) -> None:
    file = acme.write("a.csv", meta_csv(3))
    acme.load(file, 1)
    (original,) = (acme.root / "warehouse" / "stage").rglob("*.csv")
    match damage:
        case "lost":
            original.unlink()
        case "changed":
            original.write_text("another", encoding="utf-8")
        case _:
            shutil.rmtree(acme.root / "warehouse" / "stage")
    assert acme.spark9("verify", *NAMED).code == 6
    before = acme.snapshot()
    assert "already loaded" in acme.spark9("load", str(file), *NAMED, "--wave", "1", "--dry-run").text
    assert acme.spark9("verify", *NAMED).code == 6
    run = acme.spark9("load", str(file), *NAMED, "--wave", "1")
    assert (run.code, "its original was missing from the stage, and is back." in run.text) == (0, True), run.text
    assert acme.spark9("verify", *NAMED).code == 0
    assert acme.snapshot() == before
    assert "nothing was changed." in acme.spark9("load", str(file), *NAMED, "--wave", "1").text


def test_the_same_text_packed_is_not_the_original(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    (original,) = (acme.root / "warehouse" / "stage").rglob("*.csv")
    original.unlink()
    assert acme.load(acme.write("a.csv.gz", gzip.compress(meta_csv(3).encode())), 1).message.endswith("was changed.")
    assert not original.exists()


def test_a_lost_file_of_naming_keys_comes_back(acme: ProjectUnderTest) -> None:
    file = acme.write("keys.csv", KEYS)
    acme.load(file, None, as_naming_keys=True)
    (original,) = (acme.root / "warehouse" / "stage").rglob("*.csv")
    original.unlink()
    assert acme.load(file, None, as_naming_keys=True).message.endswith("and is back.")
    assert original.read_text(encoding="utf-8") == KEYS
