"""The command line: what it prints, its exit codes, and that its help and documentation are whole."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from loader.cli.app import app
from tests.files.cases import workbook
from tests.support import NAMED, ROOT, SCHEMA, ProjectUnderTest
from tests.written import META_HEADER, as_csv, meta_csv, meta_rows


def leaves(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    children = command.list_commands(None) if hasattr(command, "list_commands") else []
    for child in children:
        yield from leaves(command.get_command(None, child), f"{name} {child}")
    if not children:
        yield name, command


COMMANDS = dict(leaves(typer.main.get_command(app), "spark9"))


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help_with_an_example_of_itself(name: str) -> None:
    help_text = COMMANDS[name].help
    assert re.search(rf"Example: {name}\b", " ".join(help_text.split()))
    for parameter in COMMANDS[name].params:
        assert getattr(parameter, "help", None) or parameter.name == "help", f"{name} {parameter.name}"


def test_the_command_reference_is_as_help_says() -> None:
    done = subprocess.run([sys.executable, "docs/generate_commands.py", "--check"], cwd=ROOT, check=False)
    assert done.returncode == 0, "run: python docs/generate_commands.py"


def test_the_page_of_platforms_is_as_the_seeds_say() -> None:
    done = subprocess.run([sys.executable, "docs/generate_platforms.py", "--check"], cwd=ROOT, check=False)
    assert done.returncode == 0, "run: python docs/generate_platforms.py"


def test_no_command_imports_dbt_unless_it_builds() -> None:
    code = "import sys, loader.cli; sys.exit(any(name == 'dbt' or name.startswith('dbt.') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_a_load_says_what_it_did_and_how_to_build(acme: ProjectUnderTest) -> None:
    file = acme.write("a.csv", meta_csv())
    first = acme.spark9("load", str(file), *NAMED, "--wave", "1")
    assert first.code == 0
    assert first.out == "a.csv: 3 rows, 9 columns loaded as wave 1 of acme/meta/2024.\n"
    assert "dbt build --select clients.client_acme_meta_2024" in first.err
    again = acme.spark9("load", str(file), *NAMED, "--wave", "1")
    assert again.code == 0
    assert re.fullmatch(
        r"a\.csv: already loaded as wave 1 on 20\d\d-\d\d-\d\d \d\d:\d\d UTC; nothing was changed\.\n", again.out
    )


def test_several_files_load_in_order_and_those_before_a_refused_one_stay(acme: ProjectUnderTest) -> None:
    good, bad = acme.write("a.csv", meta_csv()), acme.write("b.csv", "")
    run = acme.spark9("load", str(good), str(bad), *NAMED, "--wave", "1")
    assert run.code == 3
    assert "a.csv: 3 rows" in run.out
    assert "error (file-empty)" in run.err
    assert "b.csv is empty" in run.text
    assert len(acme.snapshot()["raw_data_staging"]) == 3


def test_load_with_build_builds_and_says_so(acme: ProjectUnderTest) -> None:
    run = acme.spark9("load", str(acme.write("a.csv", meta_csv())), *NAMED, "--wave", "1", "--build")
    assert run.code == 0, run.text
    assert "build: 4 steps passed, 0 warnings" in run.text
    assert acme.query("select amount_spent from client_acme_meta_2024.wave_quality")[0][0] == 7.5


@pytest.mark.slow
def test_a_build_that_fails_has_its_own_exit_code_and_the_load_stays(acme: ProjectUnderTest) -> None:
    header = [name for name in META_HEADER if not name.startswith("Amount")]
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    file = acme.write("b.csv", as_csv([header, *(row[:8] for row in meta_rows(3, day="2024-02-01"))]))
    run = acme.spark9("load", str(file), *NAMED, "--wave", "2", "--build")
    assert run.code == 5
    assert "client_acme_meta_2024__client_integrity" in run.text
    assert "test_name=waves_score_at_least_the_limit, wave_number=2" in run.text
    assert "What was loaded stays loaded." in run.text
    assert len(acme.snapshot()["raw_data_staging"]) == 6


def test_the_plan_shows_dialect_columns_and_why(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv()), 1)
    header = [
        "Reporting starts",
        "Campaign name",
        "Ad set name",
        "Impressions",
        "Link clicks",
        "Amount spent (EUR)",
        "Mood",
    ]
    content = "Report\n\n" + as_csv([header, ["01/02/2024", "c", "s", "1.000", 2, "3,50", "good"]], ";")
    run = acme.spark9("load", str(acme.write("b.csv", content)), *NAMED, "--wave", "2", "--dry-run")
    assert run.code == 0
    for expected in (
        "utf-8, semicolon-separated, header in line 3, 7 columns, 1 rows",
        "known header of meta",
        "unknown header of meta",
        "decimal (comma)",
        "day-first, as its numbers have decimal commas",
        "EUR from the header 'Amount spent (EUR)'",
        "new columns: mood",
        "missing columns: date_end, reach",
        "nothing was changed",
    ):
        assert expected in run.text, expected


@pytest.mark.slow
def test_status_says_why_there_is_no_spend_and_drops_failures_that_were_mended(acme: ProjectUnderTest) -> None:
    both = "Day,Campaign name,Currency,Impressions,Amount spent\n2024-01-02,A,EUR,9,11\n2024-01-03,B,USD,9,21\n"
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    acme.load(acme.write("b.csv", meta_csv(3).replace(".50", ".75")), 2)
    acme.load(acme.write("c.csv", both), 3)
    acme.load(acme.write("d.csv", "Day,Campaign name,Impressions\n2024-02-01,A,9\n"), 4)
    assert acme.dbt("run", "--select", "clients").success
    for name, wave in (("e.csv", "5"), ("f.csv", "5")):
        assert acme.spark9("load", str(acme.write(name, "")), *NAMED, "--wave", wave).code == 3
    acme.load(acme.write("e.csv", meta_csv(2, day="2024-03-01")), 5)
    printed = acme.spark9("status").out
    lines = {line.split()[1]: line for line in printed.splitlines() if line.strip().startswith("acme/meta")}
    assert [
        word in lines[wave] for wave, word in (("1", "superseded"), ("3", "several currencies"), ("4", "no spend"))
    ] == [True] * 3
    assert [line.split(", ")[3].split(":")[0] for line in printed.splitlines() if line.startswith("failed:")] == [
        "f.csv"
    ]


def test_the_plan_of_a_workbook_names_its_sheet(acme: ProjectUnderTest) -> None:
    file = acme.write(
        "a.xlsx", workbook({"January": [META_HEADER, *meta_rows(2)], "February": [META_HEADER, *meta_rows(3)]})
    )
    run = acme.spark9("load", str(file), *NAMED, "--wave", "2", "--dry-run", "--sheet", "January")
    assert "(a.xlsx:January): workbook, header in line 1, 9 columns" in run.text
    assert "utf-8" not in run.text


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("load", "none.csv", *NAMED, "--wave", "1"), 3, "The file none.csv does not exist"),
        (("load", "none.csv", *NAMED, "--wave", "0"), 2, "a whole number from 1 to 9999"),
        (("load", "none.csv", *NAMED, "--wave", "x"), 2, "should be a valid integer"),
        (
            ("load", "none.csv", "--client", "who", "--platform", "meta", "--year", "2024", "--wave", "1"),
            3,
            "spark9 client add who/meta/2024",
        ),
        (
            ("load", "none.csv", "--client", "Who!", "--platform", "meta", "--year", "2024", "--wave", "1"),
            2,
            "not a valid name",
        ),
        (("reprocess", *NAMED, "--wave", "9"), 3, "Wave 9 of acme/meta/2024 is not loaded"),
        (("wave", "rollback", *NAMED, "--wave", "9"), 3, "no wave is loaded yet"),
        (("mapping", "show", *NAMED, "--wave", "9"), 3, "is not loaded"),
        (("mapping", "set", *NAMED, "--wave", "1", "--column", "x"), 2, "Nothing to set"),
        (("--target", "nowhere", "status"), 2, "no target 'nowhere'; it has dev"),
        (("--project-dir", "/nonexistent", "status"), 2, "There is no dbt_project.yml"),
        (("client", "grant", "acme", "meta", "2024", "a@b.c", "--access", "king"), 2, "not one of owner, reader"),
    ],
)
def test_wrong_input_is_answered_with_a_message_and_an_exit_code(
    acme: ProjectUnderTest, arguments: tuple[str, ...], code: int, message: str
) -> None:
    run = acme.spark9(*arguments)
    assert run.code == code, run.text
    assert message in run.text
    assert "Traceback" not in run.text


def test_status_log_and_waves_show_what_happened(acme: ProjectUnderTest) -> None:
    assert "none loaded" in acme.spark9("status").text
    acme.load(acme.write("a.csv", meta_csv()), 1, wave_name="Spring push")
    assert "not built yet" in acme.spark9("status").text
    acme.spark9("load", str(acme.write("b.csv", "")), *NAMED, "--wave", "2")
    acme.dbt("build")
    status = acme.spark9("status").text
    assert "acme/meta/2024 1 Spring push 3 - - 1.0000 7.50 USD" in status
    assert "failed: acme/meta/2024" in status
    assert "b.csv: file-empty" in status
    log = acme.spark9("log", *NAMED).text
    assert all(
        step in log for step in ("ONBOARD", "RECOGNISE", "READ", "PROFILE", "STAGE", "LAND", "MAP", "UPLOAD", "PROCESS")
    )
    errors = acme.spark9("log", *NAMED, "--errors").text
    assert "file-empty" in errors
    assert "profile" not in errors
    acme.change(f"update {SCHEMA}.processing_log set processing_timestamp = processing_timestamp - interval 31 days")
    assert "failed:" not in acme.spark9("status").text
    assert "file-empty" in acme.spark9("log", *NAMED, "--errors").text
    assert "1 Spring push a.csv 3" in acme.spark9("wave", "list", *NAMED).text


def test_correcting_from_the_command_line(acme: ProjectUnderTest) -> None:
    header = [*META_HEADER, "Video plays"]
    acme.load(acme.write("a.csv", as_csv([header, *([*row, 7] for row in meta_rows(2))])), 1)
    set_ = acme.spark9("mapping", "set", *NAMED, "--wave", "1", "--column", "Video plays", "--rule", "promote")
    assert set_.code == 0
    assert "'Video plays' of wave 1 of acme/meta/2024: promote video_plays (integer)" in set_.text
    assert "decided by a person" in acme.spark9("mapping", "show", *NAMED).text
    assert "the next build will reprocess 2 rows" in acme.spark9("reprocess", *NAMED, "--wave", "1").text
    acme.build_clients()
    assert acme.query("select sum(video_plays) from client_acme_meta_2024.processed_campaign_data") == [(14,)]
    rolled = acme.spark9("wave", "rollback", *NAMED, "--wave", "1")
    assert "a.csv: 2 rows of wave 1 of acme/meta/2024 removed from all tables" in rolled.text
    assert acme.snapshot()["processed_campaign_data"] == []


def test_a_progress_bar_shows_only_on_files_that_take_longer_than_a_second() -> None:
    code = (
        "import sys, time, rich.console; from loader.cli import output;"
        "console = rich.console.Console(file=sys.stderr, force_terminal=True); output.error_console = lambda: console;"
        "bar = output.StepBar('a.csv'); bar.__enter__(); bar.step('read', 0.4); time.sleep(float(sys.argv[1])); bar.__exit__(None, None, None)"
    )
    shown = [
        subprocess.run(
            [sys.executable, "-c", code, pause],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "TERM": "xterm"},
        ).stderr
        for pause in ("0.1", "1.5")
    ]
    assert "read" not in shown[0]
    assert "read" in shown[1]
