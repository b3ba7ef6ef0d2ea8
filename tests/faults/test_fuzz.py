"""Hostile input: any table comes back as it was written, and nothing else than an error comes of what is no table."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loader import client_schema
from loader.errors import FileRefusedError, NameRefusedError, Spark9Error
from loader.files.headers import PlatformColumns
from loader.names import normalised_header, quote_identifier, safe_file_name, snake_case, target_column
from loader.project.project import find_project
from tests.support import ROOT, SCHEMA, ProjectUnderTest, read_export
from tests.written import META_HEADER, as_csv, meta_rows

KNOWN = PlatformColumns(find_project(ROOT))
HEADER = ("Day", "Campaign name", "Ad set name", "Impressions", "Amount spent")
# NUL has no place in a table; a return alone inside a cell is what Python's writer does not quote by itself
CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
QUICK = settings(
    max_examples=int(os.environ.get("SPARK9_FUZZ_EXAMPLES", "40")),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
HOSTILE = [
    "'; drop table raw_data_staging; --",
    '"; drop schema main cascade; --',
    "{{ run_query('drop table x') }}",
    "{% do log(1) %}",
    "$(rm -rf /)",
    "`reboot`",
    "../../../etc/passwd",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\u202egnp.exe",
    "a\u0000b".replace("\u0000", ""),
    "<script>alert(1)</script>",
    "Größe",
    unicodedata.normalize("NFD", "Größe"),
    "ad_set_name",
    "AD SET NAME",
    "~0/~1",
    "x" * 3000,
    'a "b" \\ {{ c }}',
    "{% raw %}",
    "p/q~r $.*[0]",
    "'",
    "--",
    "日本 ü",
    "a\nb",
]


@QUICK
@given(
    rows=st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=12),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_a_table_comes_back_as_it_was_written(
    rows: list[tuple[str, str, str]], delimiter: str, encoding: str, end: str, tmp_path: Path
) -> None:
    # figures in the other columns: a row of a cell alone would be a note
    written = [("2024-01-01", *row[:2], str(number), row[2]) for number, row in enumerate(rows, 1)]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(HEADER)
    writer.writerows(written)
    path = tmp_path / "export.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    try:
        dialect, read = read_export(path, KNOWN)
    except FileRefusedError as error:
        # a cell that holds a row of its own cannot be told from a quote that was never closed
        assert error.code == "quotes-unsure"
        assert any(cell.count(delimiter) >= len(HEADER) - 1 for row in written for cell in row)
        return
    assert dialect.columns == HEADER
    assert [tuple(cell or "" for cell in row) for row in read] == written


@QUICK
@given(content=st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_what_is_no_table_is_an_error_that_says_what_to_do(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    try:
        read_export(path, KNOWN)
    except Spark9Error as error:
        assert error.remedy
        assert error.exit_code in (2, 3)


@QUICK
@given(text=st.text(max_size=80) | st.sampled_from(HOSTILE))
def test_names_made_from_text_are_names(text: str) -> None:
    assert target_column(snake_case(text)) == snake_case(text)
    assert re.fullmatch(r"[A-Za-z0-9._-]+", safe_file_name(text))
    assert ".." not in safe_file_name(text) or "/" not in safe_file_name(text)
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert normalised_header(composed) == normalised_header(decomposed)
    name = text.replace("\0", "") or "x"
    described = duckdb.execute(f"select 1 as {quote_identifier(name)}").description
    assert described
    assert described[0][0] == name


@QUICK
@given(client=st.text(max_size=30) | st.sampled_from(HOSTILE), platform=st.text(max_size=12))
def test_a_client_is_a_name_or_refused(client: str, platform: str) -> None:
    for names in ((client, "meta"), ("acme", platform)):
        try:
            schema = client_schema(*names, 2024).name
        except NameRefusedError:
            continue
        assert re.fullmatch(r"client_[a-z0-9_]+_[a-z0-9]+_2024", schema)


def test_hostile_headers_and_cells_land_and_are_built_as_they_stand(acme: ProjectUnderTest) -> None:
    header = [*META_HEADER, *HOSTILE]
    rows = [[*row, *HOSTILE[number:], *HOSTILE[:number]] for number, row in enumerate(meta_rows(5))]
    named = "'; drop schema x; {{ y }}"
    plan = acme.load(acme.write("'; drop table x; --.csv", as_csv([header, *rows])), 1, wave_name=named).plan
    assert plan
    assert acme.build_clients().success
    ((wave_name, metrics),) = acme.query(
        f"select wave_name, additional_metrics::varchar from {SCHEMA}.processed_campaign_data where row_number = 1"
    )
    assert wave_name == named
    assert sorted(json.loads(metrics).values()) == sorted(HOSTILE)
    ((first,),) = acme.query(f"select raw_data::varchar from {SCHEMA}.raw_data_staging where row_number = 1")
    for name, cell in zip(plan.dialect.columns, rows[0], strict=True):
        pointer = "/" + name.replace("~", "~0").replace("/", "~1")
        value = duckdb.execute("select json_extract_string(?::json, ?)", [first, pointer]).fetchall()
        assert value == [(str(cell),)], name
    assert acme.spark9("verify", "--all").code == 0
    assert acme.spark9("mapping", "show", "--client", "acme", "--platform", "meta", "--year", "2024").code == 0


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="atheris, which guides the fuzzing, has wheels for Linux alone")
def test_coverage_guided_fuzzing_finds_nothing(tmp_path: Path) -> None:
    seconds = os.environ.get("SPARK9_FUZZ_SECONDS", "5")
    done = subprocess.run(
        # a program that this process starts itself would be charged with the memory that this one has had (getrusage)
        [
            "sh",
            "-c",
            '"$@"; exit $?',
            "sh",
            sys.executable,
            "-m",
            "tests.faults.fuzz",
            str(tmp_path / "found"),
            f"-max_total_time={seconds}",
            "-seed=1",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=float(seconds) + 200,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "DONE" in done.stderr or "Done" in done.stderr
