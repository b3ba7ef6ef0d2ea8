"""A year of history in one go: planned together, interrupted, gone on with, and as if it were loaded one by one."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from loader import client_schema, create_client_platform_schema, load_history, load_wave, plan_history, read_manifest
from loader.errors import FileRefusedError, Spark9Error
from loader.history.manifest import ManifestEntry
from tests.platform_exports import PLATFORM_EXPORTS
from tests.support import BIN, ProjectUnderTest, copy_project

BY_NAME = {export.name: export for export in PLATFORM_EXPORTS}
# client, platform and the exports that its months have in turn
CLIENTS = (
    ("acme", "meta", ("meta de", "meta en", "meta pt")),
    ("beta", "meta", ("meta ja", "meta tr")),
    ("acme", "linkedin", ("linkedin de", "linkedin fr")),
    ("acme", "tiktok", ("tiktok en", "tiktok api")),
    ("beta", "pinterest", ("pinterest en", "pinterest api")),
)
WRONG = {
    ("acme", "meta", 3): (BY_NAME["googleads en"].content(), "other-platform"),
    ("beta", "meta", 3): (b"", "file-empty"),
    ("acme", "linkedin", 2): (b"Start Date (in UTC),Campaign Group Name,Total Spent\n2026-02-03,c,1.234\n", "numbers-unsure"),
    ("acme", "tiktok", 1): (b"PK\x03\x04 cut off", "file-damaged"),
    ("beta", "pinterest", 2): (None, "file-missing"),
}  # fmt: skip


def write_history(folder: Path, months: int) -> Path:
    """Five files a month, and the manifest that lists them."""
    lines = [["File", "Client", "Platform", "Year", "Wave", "Wave name", "Options"]]
    for client, platform, exports in CLIENTS:
        for month in range(1, months + 1):
            content, _ = WRONG.get((client, platform, month), (None, ""))
            ending = "zip" if content and content.startswith(b"PK") else "csv"
            file = folder / client / platform / f"{month:02}.{ending}"
            file.parent.mkdir(parents=True, exist_ok=True)
            if content is not None or (client, platform, month) not in WRONG:
                export = BY_NAME[exports[month % len(exports)]]
                file.write_bytes(export.content(month) if content is None else content)
            lines.append([str(file.relative_to(folder)), client, platform, "2026", str(month), f"Month {month}", ""])
    manifest = folder / "waves.csv"
    with manifest.open("w", encoding="utf-8", newline="") as text:
        csv.writer(text, delimiter=";").writerows(lines)
    return manifest


def tables(project: ProjectUnderTest) -> dict[str, object]:
    """What is in the clients' tables, apart from when it came there."""
    return {
        f"{schema}.{table}": rows
        for client, platform, _ in CLIENTS
        for schema in [f"client_{client}_{platform}_2026"]
        for table, rows in project.snapshot(schema).items()
    }


def staged(project: ProjectUnderTest) -> int:
    return sum(1 for file in (project.root / "warehouse").rglob("client_*__wave_*") if file.is_file())


@pytest.fixture
def empty(tmp_path: Path) -> ProjectUnderTest:
    return ProjectUnderTest(copy_project(tmp_path / "project"))


@pytest.mark.slow
@pytest.mark.parametrize("months", [3, pytest.param(12, marks=pytest.mark.soak)])
def test_history_is_interrupted_and_ends_as_if_it_were_loaded_one_by_one(
    empty: ProjectUnderTest, tmp_path: Path, months: int
) -> None:
    count, loaded = 5 * months, 5 * months - len(WRONG)
    manifest = write_history(tmp_path / "history", months)
    command = [str(BIN / "spark9"), "load", "--manifest", str(manifest), "--onboard"]
    with subprocess.Popen(command, cwd=empty.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          start_new_session=True) as process:  # fmt: skip
        deadline = time.monotonic() + 120
        while staged(empty) < count // 3 and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)
    assert count // 3 <= staged(empty) < loaded
    report = tmp_path / "report.csv"
    run = empty.spark9("load", "--manifest", str(manifest), "--onboard", "--report", str(report))
    assert run.code == 3
    with report.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    outcomes = {(row["client"], row["platform"], int(row["wave"])): row for row in rows}
    assert len(outcomes) == count
    refused = {key: row["error_code"] for key, row in outcomes.items() if row["outcome"] == "refused"}
    assert refused == {key: code for key, (_, code) in WRONG.items()}
    assert {row["outcome"] for row in rows} == {"loaded", "already loaded", "refused"}
    assert f"{count} files: " in run.text
    assert run.text.count("refused: line ") == 2 * len(WRONG)

    other = ProjectUnderTest(copy_project(tmp_path / "other"))
    for client, platform, _ in CLIENTS:
        create_client_platform_schema(other.project, client_schema(client, platform, 2026))
    for entry in read_manifest(manifest):
        assert entry.client
        try:
            load_wave(other.project, entry.file, entry.client, entry.wave, wave_name=entry.wave_name)
        except Spark9Error:
            continue
    for project in (empty, other):
        assert project.dbt("run", "--select", "clients").success
    one_go, one_by_one = tables(empty), tables(other)
    assert [name for name in one_go if one_go[name] != one_by_one[name]] == []
    found = [empty.query(f"select count(*), sum(amount_spent) from client_{client}_{platform}_2026."
                         "processed_campaign_data")[0] for client, platform, _ in CLIENTS]  # fmt: skip
    assert sum(rows for rows, _ in found) == 4 * loaded
    assert float(sum(spend for _, spend in found)) == pytest.approx(5254.95 * loaded)


def test_the_plan_of_many_files_names_what_they_have_in_common(empty: ProjectUnderTest, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    header = "Day,Campaign name,Amount spent (EUR)\n"
    (folder / "acme" / "meta" / "2026").mkdir(parents=True)
    (folder / "acme" / "meta" / "2026" / "wave 1 spring.csv").write_text(header + "2026-01-03,a,1.50\n2026-01-05,a,2\n")
    (folder / "acme_meta_2026_wave2.csv").write_text(header + "2026-01-05,a,3.50\n")
    (folder / "acme_meta_2026_wave3.csv").write_text(
        "Day,Campaign name,Ad name,Amount spent (EUR)\n2026-01-03,a,x,1.50\n"
    )
    (folder / "acme_meta_2026_wave4.csv").write_text(header + "2026-01-05,a,3.50\n")
    (folder / "no name.csv").write_text(header + "2026-01-05,a,3.50\n")
    (folder / "notes.md").write_text("nothing")
    plan = plan_history(empty.project, read_manifest(folder), onboard=True)
    assert [(file.entry.wave, file.entry.wave_name, file.outcome) for file in plan.files] == [
        (1, "spring", "planned"), (2, None, "planned"), (3, None, "planned"), (4, None, "planned"), (None, None, "refused"),
    ]  # fmt: skip
    assert [note for file in plan.files for note in file.notes if "days in common" in note or "same file" in note] == [
        "has days in common with wave 1 spring.csv (2026-01-05 to 2026-01-05); of the same campaigns, the later value "
        "counts",
        "has days in common with wave 1 spring.csv (2026-01-03 to 2026-01-03); of the same campaigns, the finest export "
        "without a breakdown counts (this one is by ad, the other by campaign)",
        "is the same file as acme_meta_2026_wave2.csv, and is loaded only once",
    ]
    assert plan.new_clients == [client_schema("acme", "meta", 2026)]
    assert not empty.database.exists() or empty.query("select 1 from information_schema.schemata where schema_name like "
                                                      "'client%'") == []  # fmt: skip
    outcomes = list(load_history(empty.project, plan))
    assert [file.outcome for file in outcomes] == ["loaded", "loaded", "loaded", "refused", "refused"]
    again = list(load_history(empty.project, plan_history(empty.project, read_manifest(folder), onboard=True)))
    assert [file.outcome for file in again] == ["already loaded"] * 3 + ["refused"] * 2


def test_a_client_that_is_not_in_the_registry_is_refused_without_onboard(
    empty: ProjectUnderTest, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("Day,Campaign name,Amount spent (EUR)\n2026-01-03,a,1.50\n")
    (tmp_path / "waves.csv").write_text("file,client,wave\na.csv,acme/meta/2026,1\n")
    run = empty.spark9("load", "--manifest", str(tmp_path / "waves.csv"))
    assert run.code == 3
    assert "client-unknown" in run.text
    assert empty.spark9("load", "--manifest", str(tmp_path / "waves.csv"), "--onboard", "--dry-run").code == 0
    assert empty.project.seeds.joinpath("clients.csv").read_text().count("\n") == 1


def test_each_file_of_a_manifest_keeps_its_reason_and_shows_its_open_questions(
    empty: ProjectUnderTest, tmp_path: Path
) -> None:
    header = "Day,Campaign name,Ad ID,Action type,Impressions,Amount spent (EUR)\n"
    (tmp_path / "a.csv").write_text(
        header + "2019-01-01,B,2,view,700,3.00\n2026-01-01,A,1,click,1000,6.50\n2026-01-01,A,1,view,1000,6.50\n"
    )
    (tmp_path / "b.csv").write_text("Date,Campaign Name,Spend\n2026-01-03,a,12000000\n2026-01-04,a,13000000\n")
    (tmp_path / "waves.csv").write_text("file,client,wave\na.csv,acme/meta/2026,1\nb.csv,acme/reddit/2026,1\n")
    command = ("load", "--manifest", str(tmp_path / "waves.csv"), "--onboard", "--report", str(tmp_path / "done.csv"))
    short = "2 open questions (days-unlikely, rows-repeated; 9.50 of spend at stake)"
    assert f"a.csv: {short}" in empty.spark9(*command, "--dry-run").text
    run = empty.spark9(*command)
    assert f"{short}; see: spark9 wave questions --client acme/meta/2026 --wave 1" in run.text
    assert "client-unknown" not in run.text
    with (tmp_path / "done.csv").open(encoding="utf-8", newline="") as text:
        one, two = csv.DictReader(text)
    assert (one["open_questions"], one["question_kinds"]) == ("2", "days-unlikely, rows-repeated")
    assert float(one["amount_at_stake"]) == 9.5
    assert (two["outcome"], two["error_code"], two["open_questions"]) == ("refused", "units-unsure", "")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("file,wave\na.csv,1\n", "has no column client"),
        ("file,client,wave,colour\na.csv,acme/meta/2026,1,red\n", "has an unknown column: colour"),
        (
            "file,client,wave\na.csv,acme/meta,1\n",
            "line 2: The client 'acme/meta' is not valid: give client/platform/year",
        ),
        ("file,client,wave\na.csv,acme/meta/2026,one\n", "line 2: the wave 'one' is not a number"),
        ("file,client,wave\na.csv,acme/meta/2026,\n", "line 2: no wave is named"),
        (
            "file,client,wave,options\na.csv,acme/meta/2026,1,--dates sideways\n",
            "line 2: --dates must be day-first or month-",
        ),
        (
            "file,client,wave,options\na.csv,acme/meta/2026,1,--colour red\n",
            "line 2: '--colour' is not an option for a file",
        ),
        ("file,client,wave,options\na.csv,acme/meta/2026,1,--dates 'day\n", "line 2: No closing quotation"),
        ("file,client,wave,options\na.csv,acme/meta/2026,1,--header-row x\n", "line 2: invalid literal"),
        ("file,client,wave\n", "lists no files"),
        ("", "has no column file, client, wave"),
    ],
)
def test_a_manifest_that_is_wrong_is_refused_with_its_lines(text: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "waves.csv"
    path.write_text(text)
    with pytest.raises(FileRefusedError) as caught:
        read_manifest(path)
    assert caught.value.code == "manifest-unreadable"
    assert problem in caught.value.problem


def test_options_of_a_manifest_are_those_of_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "waves.csv"
    path.write_text(
        "file\tclient\tplatform\tyear\twave\toptions\n"
        "a.csv\tacme\tmeta\t2026\t1\t--dates day-first --skip-footer=2 --replace --other-platform\n"
        "keys.csv\tacme\tmeta\t2026\t\t--naming-keys\n"
    )
    one, two = read_manifest(path)
    assert one == ManifestEntry(
        tmp_path / "a.csv", client_schema("acme", "meta", 2026), 1, replace=True, other_platform=True,
        options=one.options, line=2,
    )  # fmt: skip
    assert (one.options.dates, one.options.skip_footer) == ("day-first", 2)
    assert (two.wave, two.as_naming_keys) == (None, True)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("acme_meta_2026_wave3.csv", ("acme/meta/2026", 3, None)),
        ("client_acme_shoes_meta_2026__wave_3__Spring Push.CSV", ("acme_shoes/meta/2026", 3, "spring push")),
        ("Acme/Meta/2026/Wave 12.xlsx", ("acme/meta/2026", 12, None)),
        ("acme/meta_2026_wave1.csv.gz", ("acme/meta/2026", 1, None)),
        ("acme/acme_meta_2026_naming_keys.csv", ("acme/meta/2026", None, None)),
        ("acme/meta/2026/report.csv", (None, None, None)),
    ],
)
def test_names_in_a_folder_say_whose_a_file_is(
    path: str, expected: tuple[str | None, int | None, str | None], tmp_path: Path
) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("x")
    entry = read_manifest(tmp_path)[0]
    assert (str(entry.client) if entry.client else None, entry.wave, entry.wave_name) == expected
