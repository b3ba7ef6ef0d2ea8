"""Which cells of a file are asked about, with which amount; and which look alike and are right."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from loader import find_project
from loader.clients.registry import RegisteredClient
from loader.waves.plan import LoadRequest, plan_alone
from loader.waves.questions import OpenQuestion
from loader.waves.row_questions import folded, is_damaged
from tests.support import ACME, ROOT, witnesses
from tests.written import as_csv

PROJECT = find_project(ROOT)
HEADER = ["Day", "Campaign name", "Impressions", "Clicks (all)", "Amount spent (USD)"]
Row = list[str]
DAY, NAME, IMPRESSIONS, CLICKS, SPEND = range(5)


def rows() -> list[Row]:
    """Forty rows: two campaigns on twenty days."""
    return [
        [f"2024-03-{day:02}", name, str(more + 1000 + 37 * day), str(more + 10 + day), f"{more + 12 + day}.{day:02}"]
        for name, more in (("Alpha", 0), ("Beta", 7))
        for day in range(1, 21)
    ]


def asked(folder: Path, header: Row, cells: list[Row]) -> list[OpenQuestion]:
    file = folder / "a.csv"
    file.write_text(as_csv([header, *cells]), encoding="utf-8")
    client = RegisteredClient(ACME.name, ACME.client, ACME.platform, ACME.year, "active", "2024-01-01")
    return plan_alone(PROJECT, LoadRequest(file, client, 1)).questions


def each(column: int, change: Callable[[str], str], at: slice = slice(None)) -> Callable[[Row, list[Row]], None]:
    """A change of a column's cells, of all rows or some."""

    def applied(_: Row, cells: list[Row]) -> None:
        for row in cells[at]:
            row[column] = change(row[column])

    return applied


def with_column(header: str, cell: Callable[[int], str]) -> Callable[[Row, list[Row]], None]:
    """A change that adds a last column."""

    def applied(headers: Row, cells: list[Row]) -> None:
        headers.append(header)
        for number, row in enumerate(cells):
            row.append(cell(number))

    return applied


FEW = slice(3, 5)


@pytest.mark.parametrize(
    ("change", "kind", "amount"),
    witnesses(
    [
        (each(SPEND, lambda _: "", FEW), "figures-blank", None),
        (each(SPEND, lambda cell: f"-{cell}", FEW), "spend-negative", Decimal("66.18")),
        (each(SPEND, lambda cell: cell.replace(".", "")), "amounts-whole", None),
        (each(SPEND, lambda cell: cell.replace(".", ""), FEW), "amounts-uneven", None),
        (each(CLICKS, lambda _: "", FEW), "figures-blank", None),
        (each(CLICKS, lambda cell: f"9{cell}000"), "columns-swapped", None),
        (each(NAME, lambda _: "", slice(0, 2)), "names-blank", Decimal("27.03")),
        (each(NAME, str.upper, FEW), "names-alike", Decimal("33.09")),
        (each(NAME, lambda cell: f"M?nchen {cell}"), "names-damaged", Decimal("1044.20")),
        (each(NAME, lambda _: "MÃ¼nchen", FEW), "names-damaged", Decimal("33.09")),
        (each(DAY, lambda _: "", slice(3, 4)), "days-blank", Decimal("16.04")),
        (each(DAY, lambda cell: cell.replace("2024", "2023"), FEW), "days-unlikely", Decimal("33.09")),
        (with_column("Amount spent (USD)", lambda number: f"{number}.50"), "columns-differ", Decimal("244.20")),
        (with_column("Purchases", lambda number: "" if number == 7 else str(number % 3)), "rows-shifted", Decimal("20.08")),
    ], quick=6),
)  # fmt: skip
def test_a_doubtful_cell_is_asked_about(
    tmp_path: Path, change: Callable[[Row, list[Row]], None], kind: str, amount: Decimal | None
) -> None:
    header, cells = list(HEADER), rows()
    change(header, cells)
    (question,) = asked(tmp_path, header, cells)
    assert question.kind == kind
    if amount is not None:
        assert question.amount_at_stake == amount


def _other_currency(header: Row, cells: list[Row]) -> None:
    header[SPEND] = "Amount spent (JPY)"
    each(SPEND, lambda cell: cell.replace(".", ""))(header, cells)


def _ids_tell_them_apart(header: Row, cells: list[Row]) -> None:
    with_column("Campaign ID", lambda number: f"12021000{number // 20}")(header, cells)
    each(NAME, lambda _: "ALPHA", slice(20, 40))(header, cells)


@pytest.mark.parametrize(
    "change",
    [
        each(SPEND, lambda cell: cell),
        each(SPEND, lambda cell: f"{cell}3456"),  # an API gives six decimals
        _other_currency,
        _ids_tell_them_apart,
        each(NAME, lambda cell: f"Ready for {cell}??"),
        each(NAME, lambda cell: f"https://example.com/p?id={cell}"),
        each(NAME, lambda cell: f"{cell} – Été “Genève” 東京"),
        each(NAME, lambda cell: f"{cell} می‌خواهم"),
        each(DAY, lambda cell: cell.replace("2024-03", "2023-12"), slice(19, 20)),
    ],
)
def test_what_only_looks_doubtful_is_not_asked_about(tmp_path: Path, change: Callable[[Row, list[Row]], None]) -> None:
    header, cells = list(HEADER), rows()
    change(header, cells)
    assert asked(tmp_path, header, cells) == []


def test_names_are_damaged_or_alike() -> None:
    assert all(
        map(
            is_damaged,
            (
                "#NAME?",
                "Z\ufffdrich",
                "Stra?e",
                "M?NCHEN",
                "caf? cr?me",
                "秋のセール".encode("ascii", "replace").decode(),
            ),
        )
    )
    assert not any(map(is_damaged, ("Wer? Wir!", "Why us?Now", "Q?A", "A?B test", "Ça va?", "a?b=1", "Café ®")))
    assert folded("I&#39;m  “HERE”") == folded("\"i'm “here”")
    assert folded("İLK ŞIK") == folded("ilk şık")
    assert folded("Ad 1") != folded("Ad 2")
