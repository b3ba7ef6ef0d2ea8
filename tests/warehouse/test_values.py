"""Numbers, dates, ids and currencies as platforms, spreadsheets and people abroad write them, to the typed column."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

import loader
from loader import client_schema, reading_options
from loader.errors import FileRefusedError, NameRefusedError, WaveRefusedError
from tests.corpus.cases import workbook
from tests.support import ProjectUnderTest, as_csv

SCHEMA = "client_acme_meta_2024"
ACME = client_schema("acme", "meta", 2024)
NAMED = ("--client", "acme", "--platform", "meta", "--year", "2024")
HEADER = ["Day", "Campaign name", "Ad set name", "Campaign ID", "Impressions", "Link clicks", "Amount spent"]


def file_of(column: str, cells: list[str], header: list[str] | None = None) -> str:
    """An export in which one column has the cells; all else is as plain as can be."""
    header = header or HEADER
    plain = {"Day": "2024-03-31", "Campaign name": "c", "Campaign ID": "77", "Impressions": "100", "Link clicks": "1"}
    rows = []
    for number, cell in enumerate(cells):
        row = {**plain, "Ad set name": f"set {number}", "Amount spent": "1.50", column: cell}
        rows.append([row.get(name, "") for name in header])
    return as_csv([header, *rows], ";")


def typed(project: ProjectUnderTest, column: str) -> list[Any]:
    rows = project.query(f"select {column} from {SCHEMA}.processed_campaign_data order by wave_number, row_number")
    return [value for (value,) in rows]


AMOUNTS: dict[str, tuple[list[str], list[str | None]]] = {
    "point and commas": (["1,234.56", "2.00"], ["1234.56", "2"]),
    "comma and points": (["1.234,56", "2,00"], ["1234.56", "2"]),
    "spaces": (["1 234.56", "2.00"], ["1234.56", "2"]),
    "narrow spaces and comma": (["1\u202f234,56", "2,00"], ["1234.56", "2"]),
    "apostrophes": (["1'234.56", "12’345.60"], ["1234.56", "12345.6"]),
    "Indian": (["12,34,567.50", "1,00,000.25"], ["1234567.5", "100000.25"]),
    "sign before": (["£1,234.56", "-£2.00", "£ 3.00"], ["1234.56", "-2", "3"]),
    "sign after": (["1.234,56 €", "2,00€"], ["1234.56", "2"]),
    "code before and after": (["GBP 5.00", "1,234.50 GBP"], ["5", "1234.5"]),
    "dollars of a country": (["US$5.00", "US$1,234.50"], ["5", "1234.5"]),
    "brackets and another minus": (["(123.00)", "−5.50", "($2.00)"], ["-123", "-5.5", "-2"]),
    "nothing": (["--", "N/A", "-", "—", "5.25"], [None, None, None, None, "5.25"]),
    "a bound": (["<10", "> 100.50", "5.25"], [None, None, "5.25"]),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> ProjectUnderTest:
    """All amounts in one project, a wave each, so that one build does for all of them."""
    from tests.support import copy_project  # noqa: PLC0415

    project = ProjectUnderTest(copy_project(tmp_path_factory.mktemp("values") / "project"))
    project.add("acme", "meta", 2024)
    for wave, (cells, _) in enumerate(AMOUNTS.values(), 1):
        project.load(project.write(f"{wave}.csv", file_of("Amount spent", cells)), wave)
    project.change(f"update {SCHEMA}.raw_data_staging set wave_name = 'w'")
    assert project.spark9("client", "set", "acme", "meta", "2024", "--restatement", "both").code == 0
    project.dbt("build", "--select", "clients")
    return project


@pytest.mark.parametrize("name", AMOUNTS)
def test_amounts_are_read_over_the_whole_column(built: ProjectUnderTest, name: str) -> None:
    wave = list(AMOUNTS).index(name) + 1
    rows = built.query(
        f"select amount_spent from {SCHEMA}.processed_campaign_data where wave_number = {wave} order by row_number"
    )
    assert [value for (value,) in rows] == [None if cell is None else Decimal(cell) for cell in AMOUNTS[name][1]]


def test_a_bound_is_named_and_no_mistake(built: ProjectUnderTest) -> None:
    wave = list(AMOUNTS).index("a bound") + 1
    rows = built.query(
        f"select validity, row_issues from {SCHEMA}.processed_campaign_data where wave_number = {wave} order by row_number"
    )
    assert rows[0][0] == 1
    assert "amount_spent: only a bound: '<10'" in rows[0][1]


@pytest.mark.parametrize(
    ("name", "currency"),
    [("sign before", "GBP"), ("sign after", "EUR"), ("code before and after", "GBP"), ("dollars of a country", "USD")],
)
def test_the_currency_of_the_cells_is_kept(built: ProjectUnderTest, name: str, currency: str) -> None:
    wave = list(AMOUNTS).index(name) + 1
    rows = built.query(f"select distinct currency from {SCHEMA}.processed_campaign_data where wave_number = {wave}")
    assert rows == [(currency,)]


def test_currencies_that_cannot_be_told_are_a_doubt(acme: ProjectUnderTest) -> None:
    mixed = acme.load(acme.write("a.csv", file_of("Amount spent", ["$5.00", "€6.00"])), 1)
    assert any("several currencies: $, €" in warning for warning in mixed.warnings)
    dollars = acme.load(acme.write("b.csv", file_of("Amount spent", ["$5.00", "$6.50"])), 2)
    assert any("sign of several currencies" in warning for warning in dollars.warnings)


@pytest.mark.parametrize(
    "cell",
    ["2024-03-31", "2024/03/31", "03/31/2024", "31/03/2024", "31.03.2024", "2024.03.31", "Mar 31, 2024", "31 Mar 2024",
     "31-Mar-2024", "March 31, 2024", "31 March 2024", "20240331", "3/31/24", "31.03.24", "2024-03-31T00:00:00Z",
     "2024-03-31 00:00:00", "3/31/2024 0:00", "31.03.2024 12:30", "45382", "03-31-2024"],
)  # fmt: skip
def test_dates_are_found_in_every_form(acme: ProjectUnderTest, cell: str) -> None:
    plan = acme.load(acme.write("a.csv", file_of("Day", [cell])), 1, dry_run=True).plan
    assert plan
    (day,) = [row for row in plan.columns if row.column_name == "Day"]
    parsed = acme.project.local_macros.call("parse_cell", f"'{cell}'", "date", day.value_format)
    assert acme.query(f"select {parsed}") == [(date(2024, 3, 31),)]
    assert "could be" not in day.reason


def test_an_order_of_day_and_month_that_nothing_tells_is_a_doubt_and_can_be_said(acme: ProjectUnderTest) -> None:
    path = acme.write("a.csv", file_of("Day", ["01/02/2024", "03/04/2024"]))
    unsure = acme.load(path, 1, dry_run=True)
    assert any("could be dmy_slash as well as mdy_slash" in warning for warning in unsure.warnings)
    for said, form in (("day-first", "dmy_slash"), ("month-first", "mdy_slash")):
        plan = acme.load(path, 1, dry_run=True, options=reading_options(dates=said)).plan
        assert plan
        assert [row.value_format for row in plan.columns if row.column_name == "Day"] == [form]


def test_thousands_that_could_be_decimals_stop_the_load_unless_the_file_tells(acme: ProjectUnderTest) -> None:
    path = acme.write("a.csv", file_of("Amount spent", ["1.234", "5.678"]))
    with pytest.raises(FileRefusedError, match=r"'Amount spent'.*1.234 is 1.234 with a point, 1234 with a comma"):
        acme.load(path, 1)
    for said, spend in (("point", Decimal("6.912")), ("comma", Decimal(6912))):
        plan = acme.load(path, 1, dry_run=True, options=reading_options(numbers=said)).plan
        assert plan
        assert [row.control_sum for row in plan.columns if row.column_name == "Amount spent"] == [spend]
    told = file_of("Amount spent", ["1.234", "5.678"], [*HEADER, "CPC"]).replace(";\n", ";0,52\n")
    plan = acme.load(acme.write("b.csv", told.replace("CPC;0,52", "CPC")), 1, dry_run=True).plan
    assert plan
    assert [row.control_sum for row in plan.columns if row.column_name == "Amount spent"] == [Decimal(6912)]


def test_ids_stay_text_and_damaged_ones_are_named(acme: ProjectUnderTest) -> None:
    cells = ["120212345678901234", "1.20212E+17", "1,20212E+17", "007"]
    acme.load(acme.write("a.csv", file_of("Campaign ID", cells)), 1)
    acme.dbt("build", "--select", "clients")
    assert typed(acme, "campaign_id") == cells
    issues = typed(acme, "row_issues")
    assert issues[0] == issues[3] == "[]"
    assert "campaign_id: damaged by a spreadsheet: '1.20212E+17'" in issues[1]
    assert typed(acme, "validity") == [1, 0, 0, 1]


def test_damaged_ids_are_said_when_they_are_loaded(acme: ProjectUnderTest) -> None:
    result = acme.load(acme.write("a.csv", file_of("Campaign ID", ["1.20212E+17", "77"])), 1)
    assert any("1 of 2 ids" in warning and "spreadsheet" in warning for warning in result.warnings)


@pytest.mark.parametrize(
    ("platform", "header"),
    [
        ("meta", "Tag;Kampagnenname;Anzeigengruppenname;Anzeigenname;Impressionen;Link-Klicks;Ausgegebener Betrag (EUR);Reichweite"),
        ("meta", "Jour;Nom de la campagne;Nom de l'ensemble de publicités;Nom de la publicité;Impressions;Clics sur un lien;Montant dépensé (EUR);Couverture"),
        ("meta", "Día;Nombre de la campaña;Nombre del conjunto de anuncios;Nombre del anuncio;Impresiones;Clics en el enlace;Importe gastado (EUR);Alcance"),
        ("meta", "JOUR;NOM DE LA CAMPAGNE;Nom de l’ensemble de publicites;Nom de la publicité;impressions;Clics sur un lien;Montant dÃ©pensÃ© (EUR);Couverture"),
        ("linkedin", "Startdatum (in UTC);Name der Kampagnengruppe;Kampagnenname;Anzeigenname;Impressionen;Klicks;Gesamtausgaben (EUR);Reichweite"),
        ("linkedin", "Date de début (en UTC);Nom du groupe de campagnes;Nom de la campagne;Nom de la publicité;Impressions;Clics;Total dépensé (EUR);Portée"),
        ("linkedin", "Fecha de inicio (en UTC);Nombre del grupo de campañas;Nombre de la campaña;Nombre del anuncio;Impresiones;Clics;Total gastado (EUR);Alcance"),
    ],
)  # fmt: skip
def test_localised_headers_fill_the_core_columns(project: ProjectUnderTest, platform: str, header: str) -> None:
    names = project.add("acme", platform, 2024)
    plan = project.load(
        project.write("a.csv", f"{header}\n31.03.2024;c;s;a;1.000;7;3,50;900\n"), 1, names, dry_run=True
    ).plan
    assert plan
    filled = {row.target_column: row for row in plan.columns if row.mapping_rule in ("core", "constant")}
    assert set(filled) == {
        "date_start", "campaign_name", "ad_set_name", "ad_name", "impressions", "clicks", "amount_spent", "reach", "currency",
    }  # fmt: skip
    assert filled["currency"].default_value == "EUR"
    assert filled["impressions"].control_sum == 1000
    assert plan.missing_columns == []


def renamed(spend: str, cost: str = "5.50", day: str = "2024-03-31") -> str:
    return as_csv([[*HEADER[:-1], spend], [day, "c", "s", "77", 100, 1, cost]])


def test_a_suggestion_is_shown_and_applied_only_when_accepted(acme: ProjectUnderTest) -> None:
    first = acme.load(acme.write("a.csv", renamed("Amount spend")), 1)
    assert first.plan
    (unknown,) = [row for row in first.plan.columns if row.column_name == "Amount spend"]
    assert (unknown.mapping_rule, unknown.target_column) == ("additional", "amount_spend")
    assert "like 'Amount spent' (amount_spent, 92 of 100)" in unknown.reason
    acme.load(acme.write("b.csv", renamed("amount  SPEND", "7.50", "2024-04-01")), 3)
    acme.dbt("build", "--select", "clients")
    assert typed(acme, "amount_spent") == [None, None]
    shown = acme.spark9("mapping", "suggestions", *NAMED)
    assert (shown.code, "Amount spend" in shown.text, "92" in shown.text) == (0, True, True)
    accepted = acme.spark9("mapping", "accept", *NAMED, "--column", "amount spend")
    assert (accepted.code, "is amount_spent from wave 1 on" in accepted.text) == (0, True)
    acme.load(acme.write("c.csv", renamed("AMOUNT SPEND", "9.50", "2024-04-02")), 2)
    acme.dbt("build", "--select", "clients")
    assert typed(acme, "amount_spent") == [Decimal("5.5"), Decimal("9.5"), Decimal("7.5")]
    assert "no unknown header is like a known one" in acme.spark9("mapping", "suggestions", *NAMED).text
    with pytest.raises(WaveRefusedError, match="no suggestion for 'Mood'"):
        loader.accept_suggestion(acme.project, ACME, "Mood")


@pytest.mark.parametrize(
    "options",
    [{"encoding": "klingon"}, {"delimiter": "ab"}, {"delimiter": "a"}, {"quote": "x"}, {"header_row": -1}, {"table": 0},
     {"skip_footer": -2}, {"dates": "both"}, {"numbers": "1"}, {"encoding": "hex"}],
)  # fmt: skip
def test_what_cannot_be_said_of_a_file_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(NameRefusedError):
        reading_options(**options)


def test_what_is_said_of_a_file_counts(acme: ProjectUnderTest) -> None:
    text = "x\n" + file_of("Amount spent", ["1.50", "2.50"]) + "this is;a footer;of sorts;;;;\n"
    path = acme.write("a.csv", text)
    run = acme.spark9("load", str(path), *NAMED, "--wave", "1", "--header-row", "2", "--skip-footer", "1", "--delimiter", "semicolon")  # fmt: skip
    assert (run.code, "2 rows, 1 note row kept out" in run.text) == (0, True), run.text
    reasons = acme.query(f"select row_reason from {SCHEMA}.raw_data_staging where row_kind <> 'data'")
    assert reasons == [("left out by --skip-footer",)]


def test_cells_of_a_workbook_are_read_as_excel_shows_them(acme: ProjectUnderTest) -> None:
    rows: list[list[object]] = [[*HEADER], [date(2024, 3, 31), "c", "s", 1790001112223334, 1000, 7, 12.5],
            [date(2024, 4, 1), "c", "s", 120212345678901234, 1000, 7, 0.1 + 0.2]]  # fmt: skip
    acme.load(acme.write("a.xlsx", workbook({"Report": rows})), 1)
    acme.dbt("build", "--select", "clients")
    assert typed(acme, "date_start") == [date(2024, 3, 31), date(2024, 4, 1)]
    assert typed(acme, "amount_spent") == [Decimal("12.5"), Decimal("0.3")]
    assert typed(acme, "impressions") == [1000, 1000]
    first, second = typed(acme, "campaign_id")
    assert first == "1790001112223334"
    assert "damaged by a spreadsheet" in typed(acme, "row_issues")[1], second


def test_headers_of_an_interface_are_those_of_the_exports(acme: ProjectUnderTest) -> None:
    text = "date_start,campaign_name,adset_name,impressions,clicks,spend\n2024-03-01,c,s,100,1,2.50\n"
    plan = acme.load(acme.write("a.csv", text), 1).plan
    assert plan
    assert plan.missing_columns == []
