"""The same files give the same tables on DuckDB and on Snowflake, row by row."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlglot

import ops
from app.access import Viewer
from app.periods import Days
from app.queries import operations, performance, uploads, waves
from app.queries.comparability import why_not_comparable
from app.queries.performance import LEVELS, Filters
from app.runtime import Runtime
from app.service import Service
from app.settings import AppSettings
from loader import MappingChange, client_schema, load_wave, reading_options, reprocess_wave, rollback_wave, set_mapping
from loader.clients.tables import open_client
from loader.files.options import ReadingOptions
from loader.names import ClientKey
from loader.workspace import Workspace
from tests.support import BIN, ROOT, ProjectUnderTest, copy_project
from tests.warehouses.snowflake.support import (
    CLIENT_TABLES,
    Accounts,
    SnowflakeProject,
    differences,
    table_of_duckdb,
    table_of_snowflake,
    unknown_statements,
)
from tests.written import META_HEADER, as_csv, meta_csv, meta_rows

pytestmark = pytest.mark.slow

SAMPLES = ROOT / "samples"
CLIENTS = [
    client_schema("caterpillar", "meta", 2024),
    client_schema("nike", "linkedin", 2024),
    client_schema("startup", "meta", 2024),
    client_schema("odd_one", "tiktok", 2025),
    client_schema("levels", "meta", 2025),
]
MARTS = (
    "waves",
    "open_questions",
    "processing_steps",
    "processing_status_today",
    "weekly_quality_by_client",
    "success_last_7_days",
    "uploads_by_day",
    "campaign_performance",
    "performance_by_day",
    "daily_exchange_rates",
    "performance_in_currency",
    "wave_columns",
    "schema_changes",
    "time_spine_day",
    "build_runs",
)
SEEDS = (
    "clients", "client_access", "platforms", "platform_languages", "platform_columns", "export_words", "date_orders",
    "exchange_rates",
)  # fmt: skip


def awkward_files(folder: Path) -> list[tuple[int, Path]]:
    """Exports that are hard to read, by wave."""

    def write(name: str, content: str | bytes) -> Path:
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    odd_names = ["It's", 'say "hi"', "back\\slash", "a.b[0]", "$.x", "~/c", "per cent %", "Größe", "", "It's", "order"]
    odd_cells = [
        "o'clock",
        'q"uote',
        "C:\\new\\table",
        "{{ x }}",
        "; drop table t; --",
        "tab\there",
        "12 %",
        "ä€",
        "",
        "1",
        "2",
    ]
    header = ["Date", "Campaign name", "Ad group name", "Impression", "Clicks (all)", "Cost", *odd_names]
    german = [
        ["Date", "Campaign name", "Ad group name", "Impressions", "Clicks", "Cost"],
        ["31.01.2025", "Früh;ling", "Satz 1", "1.234.567", "12", "1.234,56 €"],
        ["01.02.2025", "Frühling", "Satz 2", "2.000", "--", "(99,10)"],
        ["kein Datum", "Frühling", "Satz 2", "x", "1e5", "0,5"],
        ["Total", "", "", "1.236.567", "12", "1.135,96"],
    ]
    many = [
        [
            "2025-03-01",
            "C",
            f"S {n}",
            n * 10,
            n,
            f"{n / 8:.3f}",
            "3.5%",
            f"0.{n:02d}",
            "2025-03-02",
            "99999999999999999999",
        ]
        for n in range(1, 60)
    ]
    many.append([*many[0]])
    wide = [
        "Date",
        "Campaign name",
        "Ad group name",
        "Impressions",
        "Clicks",
        "Cost",
        "Rate",
        "Share",
        "Checked on",
        "Huge",
    ]
    return [
        (1, write("odd.csv", as_csv([header, ["2025-01-01", "A", "S", "10", "2", "1.5", *odd_cells]]))),
        (2, write("german.csv", as_csv(german, delimiter=";").encode("utf-16"))),
        (3, write("many.csv", as_csv([wide, *many]))),
        (3, write("ragged.csv", "Date,Campaign name,Ad group name,Cost\n2025-03-05,C,S,1.5,extra\n2025-03-06,C\n")),
        (4, write("latin.csv", "Date,Campaign name,Ad group name,Impressions,Clicks,Cost,CTR\n"
                               "2025-04-01,Été,S,100,50,10,2.00%\n2025-04-02,Été,S,10,50,-10,\n".encode("cp1252"))),
    ]  # fmt: skip


def overlapping_files(folder: Path) -> list[tuple[int, Path]]:
    """Exports of the same days at other levels, by breakdowns, over periods, with days written in many ways."""
    names = {"c": "Campaign name", "s": "Ad set name", "a": "Age"}

    def rows(keys: str, days: list[str], spend: str) -> list[list[str]]:
        return [[day, *(f"{key}{number}" for key in keys), "10", spend] for day in days for number in (1, 2)]

    def write(name: str, first: str, keys: str, days: list[str], spend: str, above: str = "") -> Path:
        header = [first, *(names[key] for key in keys), "Impressions", "Amount spent (EUR)"]
        path = folder / name
        path.write_text(above + as_csv([header, *rows(keys, days, spend)]), encoding="utf-8")
        return path

    march = [f"2025-03-{day:02d}" for day in range(1, 8)]
    pivot = (
        "Day,Campaign name,Age,Impressions,Amount spent (EUR)\n1. Apr. 2025,x,All,30,3.00\n,,18-24,10,1.00\n"
        ",,25-34,20,2.00\n2 avr. 2025,x,All,30,3.00\n,,18-24,30,3.00\n"
    )
    (folder / "pivot.csv").write_text(pivot, encoding="utf-8")
    return [
        (1, write("week.csv", "Week", "c", ["2025-03-01 - 2025-03-07"], "77.00")),
        (2, write("days.csv", "Day", "cs", march, "10.00")),
        (2, write("ages.csv", "Day", "ca", march, "10.50")),
        (3, write("cross.csv", "Week", "c", ["14.04.2025 - 27.04.2025", "01.04.2025 - 15.04.2025"], "9.00")),
        (4, write("account.csv", "Day", "", ["2025-03-01"], "3.00")),
        (5, folder / "pivot.csv"),
    ]


def play(project: ProjectUnderTest, folder: Path, build: object) -> None:
    """Onboard, load, correct, take out, put back: what people do, in one order on both warehouses."""
    assert callable(build)
    folder.mkdir(exist_ok=True)
    rates = "day,currency,rate\n2024-01-03,USD,1.25\n2024-02-10,USD,1.0875\n"
    (project.root / "seeds" / "exchange_rates.csv").write_text(rates, encoding="utf-8")
    for names in CLIENTS:
        project.add(names.client, names.platform, names.year)

    def load(file: Path, client: ClientKey, wave: int | None, **options: object) -> None:
        load_wave(project.project, file, client, wave, **options)  # type: ignore[arg-type]

    caterpillar, nike, startup, odd, levels = CLIENTS
    load(SAMPLES / "caterpillar_meta_naming_keys.csv", caterpillar, None)
    for wave in (1, 2, 3):
        load(SAMPLES / f"caterpillar_meta_wave{wave}.csv", caterpillar, wave, wave_name=f"Wave {wave}")
        load(SAMPLES / f"nike_linkedin_wave{wave}.csv", nike, wave)
        load(SAMPLES / f"startup_meta_wave{wave}.csv", startup, wave)
    for wave, file in awkward_files(folder):
        load(file, odd, wave, options=reading_options(unread="keep"))
    for wave, file in overlapping_files(folder):
        load(file, levels, wave)
    build()
    load(SAMPLES / "nike_linkedin_wave1.csv", nike, 1)
    set_mapping(project.project, odd, 3, "Share", MappingChange(rule="promote", target="share_of_voice"))
    set_mapping(project.project, odd, 3, "Huge", MappingChange(rule="promote", target="huge", column_type="integer"))
    rollback_wave(project.project, nike, 2)
    reprocess_wave(project.project, caterpillar, 1)
    replaced = folder / "replaced.csv"
    replaced.write_text(meta_csv(3), encoding="utf-8")
    load(replaced, startup, 9)
    replaced.write_text(as_csv([META_HEADER, *meta_rows(4), *meta_rows(2)]), encoding="utf-8")
    load(replaced, startup, 9, replace=True, wave_name="It's 9")
    load(SAMPLES / "nike_linkedin_wave2.csv", nike, 2)
    build()


@pytest.fixture(scope="module")
def played(accounts: Accounts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SnowflakeProject]:
    """A Snowflake on which everything was played once."""
    folder = tmp_path_factory.mktemp("played")
    with accounts.of_module(folder) as project:
        play(project, folder / "files", lambda: project.dbt("build"))
        yield project


@pytest.fixture(scope="module")
def local(played: SnowflakeProject, tmp_path_factory: pytest.TempPathFactory) -> ProjectUnderTest:
    """A DuckDB on which the same was played."""
    folder = tmp_path_factory.mktemp("local")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK9_TARGET", "dev")
        project = ProjectUnderTest(copy_project(folder / "project"))
        assert (played.project.target.type, project.project.target.type) == ("snowflake", "duckdb")
        play(project, folder / "files", lambda: project.dbt("build"))
    return project


def test_the_same_files_give_the_same_tables_on_both_warehouses(
    local: ProjectUnderTest, played: SnowflakeProject
) -> None:
    tables = [f"{names.name}.{table}" for names in CLIENTS for table in CLIENT_TABLES]
    tables += [f"marts.{mart}" for mart in MARTS] + [f"registry.{seed}" for seed in SEEDS]
    rows = 0
    different: list[str] = []
    for table in tables:
        ours, theirs = table_of_duckdb(local, table), table_of_snowflake(played.emulator, table)
        different += differences(table, ours, theirs)
        rows += len(ours)
    assert not different, "\n".join(different[:40])
    with (SAMPLES / "caterpillar_meta_wave1.csv").open(encoding="utf-8-sig") as file:
        assert rows > len(list(csv.reader(file)))
    built = {
        name for (name,) in local.query("select table_name from information_schema.tables where table_schema = 'marts'")
    }
    assert built == set(MARTS), "a mart is not compared"


def as_shown(value: object) -> str:
    """A value as text, whatever type the driver gave it."""
    if isinstance(value, bool | list):
        return str(value)
    if value is None or value is pd.NaT or value != value:  # noqa: PLR0124 - what is no number differs from itself
        return ""
    if isinstance(value, int | float | Decimal):
        return f"{float(value):.6f}"
    return str(value).removesuffix(" 00:00:00")


def asked_by_pages(project: Workspace, folder: Path) -> dict[str, list[Any]]:
    """What the web pages ask of marts and tables, and what people take along, as texts; clocks left out."""
    runtime = Runtime(project, AppSettings())
    service = Service(runtime, Viewer("admin", is_admin=True), runtime.snapshot())
    marts, caterpillar, odd = service.marts, CLIENTS[0], CLIENTS[3]
    euros, march = Filters(currency="EUR"), Filters(date(2025, 3, 2), date(2025, 3, 5), "EUR")
    found = {
        "currencies": performance.days_and_currencies(marts),
        "totals": performance.totals(marts, march),
        "kinds": performance.conversion_types(marts, Filters(currency="USD")),
        **{f"by {grain}": performance.by_day(marts, euros, grain) for grain in ("day", "week", "month")},
        **{f"by {level}": performance.by_level(marts, euros, level) for level in (*LEVELS, "platform")},
        "narrowed": performance.by_level(marts, Filters(currency="EUR", client_schema=(CLIENTS[4].name,), campaign=("c1",)), "ad_set"),
        "by platform and week": performance.by_day(marts, euros, "week", "platform"),
        "by name": performance.by_level(marts, euros, "campaign_name"),
        "choices": performance.choices(marts, Filters(), "campaign", ("c1",)),
        "rates used": performance.exchange_rates_used(marts, Filters(reporting="EUR")),
        "waves": waves.waves(marts),
        "cells": waves.cells_with_issues(marts, odd, 3),
        "rows": waves.wave_rows(marts, odd, 2),
        "rows of figures": waves.processed_rows(marts, CLIENTS[4], march),
        "pending": waves.pending_waves(marts, {odd.name: odd}),
        "today": operations.today(marts),
        "week": operations.week(marts),
        "freshness": operations.freshness(marts),
        "failed": operations.failed_steps(marts),
        "runs": operations.runs(marts)[["client_schema", "processing_stage", "status", "row_count"]].sort_values(
            ["client_schema", "processing_stage", "row_count"]
        ),
    }  # fmt: skip
    clocks = ("last_upload", "last_step", "seconds_per_wave", "status_date", "processing_timestamp")
    asked: dict[str, list[Any]] = {
        name: sorted(list(map(as_shown, row)) for row in frame[[c for c in frame if c not in clocks]].values.tolist())
        for name, frame in found.items()
    }
    asked["issues"] = [[issue, str(count)] for issue, count in sorted(waves.issue_kinds(marts, odd, 3).items())]
    spring, of = Days(date(2025, 2, 1), date(2025, 4, 30)), [("c1", CLIENTS[4].name)]
    for grain in ("day", "week", "month"):
        found_lines = performance.sparklines(marts, euros.over(spring), "campaign", of, spring, grain)
        asked[f"spark by {grain}"] = [list(map(as_shown, line)) for line in found_lines.values()]
    asked["comparable"] = [str(why_not_comparable(marts, march, Days(date(2025, 2, 26), date(2025, 3, 1))))]
    kinds = Filters(currency="EUR", conversion_type=("purchases",))
    asked["of other rows"] = [as_shown(performance.spend_of_other_rows(marts, kinds))]
    asked["taken along"] = sorted(line.split(",") for line in service.rows_as_file(odd, 3, "csv").decode().splitlines())
    asked["originals"] = sorted(
        [service.original(caterpillar, file.load_id).decode()] for file in service.files(caterpillar)
    )
    by_client = {client.name: client for client in CLIENTS}
    names = {name for row in found["by campaign"].values.tolist() for name in map(str, row)}
    accounts = {"caterpillar", *(f"Account {number}" for number in range(3)), "1234567890"}
    asked["proposed"] = sorted(
        [each.client, str(each.accounts), str(each.campaigns)]
        for each in uploads.evidence(marts, by_client, accounts, names)
    )
    assert asked["proposed"]
    again = folder / "again.csv"
    again.write_text(meta_csv(3, day="2024-02-27"), encoding="utf-8")
    planned = service.plan(again, caterpillar, 4, ReadingOptions())
    assert planned.preview is not None
    asked["plan"] = [", ".join(map(as_shown, row)) for row in planned.preview.rows]
    asked["notes"] = [*planned.warnings, *map(str, planned.preview.parts.items())]
    return asked


def test_pages_say_the_same_on_both_warehouses(
    local: ProjectUnderTest, played: SnowflakeProject, tmp_path: Path
) -> None:
    ours, theirs = asked_by_pages(local.project, tmp_path), asked_by_pages(played.project, tmp_path)
    assert {name for name, rows in ours.items() if not rows} == {"pending"}
    for name, rows in ours.items():
        assert rows == theirs[name], name


def explained(project: Workspace, client: ClientKey) -> list[Any]:
    """How the first rows of each load became figures; without SQL, whose literals differ."""
    with open_client(project, client) as tables:
        raw = f"{tables.schema}.raw_data_staging where row_number < 5 order by 1, 2, 3"
        numbers = tables.query(f"select wave_number, load_id, row_number from {raw}")
    rows = [ops.explain_row(project, client, wave, row, load_id=load) for wave, load, row in numbers]
    marts = [[replace(mart, condition="") for mart in row.marts] for row in rows]
    return [
        (row.values, row.parts, row.built.get("superseded_because"), at) for row, at in zip(rows, marts, strict=True)
    ]


def test_rows_are_explained_alike_on_both_warehouses(local: ProjectUnderTest, played: SnowflakeProject) -> None:
    for client in CLIENTS[3:]:
        ours = explained(local.project, client)
        assert ours == explained(played.project, client)
        assert {bool(marts and all(mart.row_count and mart.is_current for mart in marts)) for *_, marts in ours} == {
            True,
            False,
        }


def test_compiled_sql_is_in_order_for_sqlfluff(played: SnowflakeProject) -> None:
    """The same rules as for DuckDB's, in tests/test_style.py; and no line that only DuckDB knows."""
    compiled = played.root / "target" / "compiled"
    (compiled / ".sqlfluff").write_text(
        "[sqlfluff]\ndialect = snowflake\ntemplater = raw\nrules = AM01,AL05,ST03\nlarge_file_skip_byte_limit = 0\n",
        encoding="utf-8",
    )
    ours = [path for path in compiled.rglob("*.sql") if "client_" not in str(path) or "client_nike" in str(path)]
    assert len(ours) > 15
    done = subprocess.run(
        # one client stands for all: their SQL is made by the same macros
        [str(BIN / "sqlfluff"), "lint", *(str(path) for path in ours)],
        cwd=compiled,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_every_statement_sent_is_snowflakes_sql(played: SnowflakeProject) -> None:
    """Parsed by sqlglot; what sqlglot has no grammar for must be of a form that the emulator has from the docs."""
    played.change('create user "ANN@EXAMPLE.COM"')
    commands: list[list[str]] = []
    for operation, arguments in (
        ("setup_account", "{}"),
        ("audit_client_access", "{}"),
        ("deploy_native", '{execute_it: true, source: "@git.public.spark9/branches/main"}'),
        ("resume_native", "{}"),
        ("suspend_native", "{}"),
        ("drop_native", "{confirm: true}"),
        ("create_client_platform_schema", "{client: late, platform: meta, year: 2026}"),
        ("drop_client_schema", "{client: late, platform: meta, year: 2026, confirm: true}"),
        ("reprocess_wave", "{client: nike, platform: linkedin, year: 2024, wave: 1}"),
    ):
        commands.append(["run-operation", operation, "--args", arguments])
    done = played.dbt_commands([*commands, ["docs", "generate"]], env={"SNOWFLAKE_ROLE": "accountadmin"})
    assert done.code == 0, done.text
    for command in (
        "build --dry-run",
        "client grant nike linkedin 2024 ann@example.com --access reader",
        "client revoke nike linkedin 2024 ann@example.com",
        "client archive nike linkedin 2024",
        "client drop nike linkedin 2024 --yes",
        "doctor",
        "status",
        "log --client startup --platform meta --year 2024",
        "mapping show --client startup --platform meta --year 2024",
        "wave list --client startup --platform meta --year 2024",
        "explain startup/meta/2024 --wave 2 --row 1",
    ):
        assert played.spark9(*command.split()).code == 0, command

    committed = [entry["sql"] for entry in played.emulator.statements() if entry["committed"]]
    assert not committed, "a statement that is no DML ended a transaction"
    sent = {entry["sql"] for entry in played.emulator.statements() if not entry["error"]}
    assert len(sent) > 400
    refused = unknown_statements(sent)
    assert not refused, "\n".join(refused)
    kinds = {type(parsed).__name__ for sql in sent for parsed in sqlglot.parse(sql, read="snowflake") if parsed}
    assert {"Select", "Insert", "Update", "Delete", "Create", "Drop", "Copy", "Put", "Grant", "Use"} <= kinds
