"""Names of clients, columns and files."""

from __future__ import annotations

import duckdb
import pytest

import loader
import ops
from loader.clients.generated import _COLUMNS
from loader.errors import NameRefusedError
from loader.names import (
    client_schema,
    normalised_header,
    promoted_column,
    quote_identifier,
    safe_file_name,
    snake_case,
    target_column,
)
from loader.project.project import find_project
from loader.waves.columns import core_columns
from tests.support import ROOT


def test_a_valid_name_gives_its_schema() -> None:
    assert client_schema("acme_shoes", "meta", 2024).name == "client_acme_shoes_meta_2024"


@pytest.mark.parametrize(
    ("client", "platform", "year", "rule"),
    [
        ("Acme", "meta", 2024, "lower-case"),
        ("ac__me", "meta", 2024, "single underscores"),
        ("_acme", "meta", 2024, "single underscores"),
        ("acme'; drop schema x", "meta", 2024, "lower-case"),
        ("acme\n", "meta", 2024, "lower-case"),
        ("äcme", "meta", 2024, "lower-case"),
        ("", "meta", 2024, "lower-case"),
        ("a" * 61, "meta", 2024, "lower-case"),
        ("acme", "google_ads", 2024, "digits only"),
        ("acme", "meta", 24, "four digits"),
        ("acme", "meta", "2024; x", "four digits"),
    ],
)
def test_a_name_that_breaks_its_rule_is_refused_with_the_rule(
    client: str, platform: str, year: int | str, rule: str
) -> None:
    with pytest.raises(NameRefusedError, match=rule):
        client_schema(client, platform, year)


@pytest.mark.parametrize("name", ["plain", 'with "quotes"', "it's", 'a";drop table x;--', "日本", "a.b", "{{ x }}"])
def test_a_quoted_name_is_one_name(name: str) -> None:
    connection = duckdb.connect()
    connection.execute(f"create table t (x integer, {quote_identifier(name)} integer)")
    assert [row[0] for row in connection.execute("describe t").fetchall()] == ["x", name]


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("Video plays at 50%", "video_plays_at_50_percent"),
        ("Coût par résultat", "cout_par_resultat"),
        ("3-second plays", "n_3_second_plays"),
        ("日本", "column"),
        ("  a--b  ", "a_b"),
    ],
)
def test_a_header_gets_a_readable_key(header: str, key: str) -> None:
    assert snake_case(header) == key
    assert target_column(key) == key


def test_headers_are_compared_without_case_punctuation_and_width() -> None:
    assert normalised_header("Ad Set-Name") == normalised_header("ad set name ") == normalised_header("Ａd set name")
    assert normalised_header("Ad set ID") != normalised_header("Ad set name")


@pytest.mark.parametrize("name", ["../../etc/passwd", "a b.csv", "x;rm -rf.csv", "\n", "", "ü.csv", "." * 300])
def test_a_file_name_leads_nowhere_else(name: str) -> None:
    safe = safe_file_name(name)
    assert safe
    assert not set(safe) & set("/\\ ;\n")
    assert not safe.startswith(".")


def test_names_of_before_go_on_working() -> None:
    assert loader.ClientSchema is loader.ClientKey
    assert all(getattr(loader, name) is getattr(ops, name) for name in dir(ops))


def test_a_promoted_column_takes_no_name_that_means_something_else() -> None:
    keywords = "select keyword_name from duckdb_keywords() where keyword_category in ('reserved', 'type_function')"
    words = [word for (word,) in duckdb.connect().execute(keywords).fetchall()]
    columns = set(_COLUMNS["processed_campaign_data"]) - set(core_columns(find_project(ROOT)))
    for name in [*words, *columns, "row_kind", "clicks__value"]:
        with pytest.raises(NameRefusedError, match="another --target"):
            promoted_column(name)
    assert promoted_column("impressions_value") == "impressions_value"
