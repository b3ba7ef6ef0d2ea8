"""What people, spreadsheets and scripts do to exports changes no figure in silence: it is right, asked, or refused."""

from __future__ import annotations

import re
import zipfile
from decimal import Decimal
from typing import Any

import pytest

from loader.errors import FileRefusedError
from loader.files.containers import each_export
from loader.files.options import reading_options
from loader.waves.plan import LoadPlan
from tests.support import SCHEMA, ProjectUnderTest, witnesses

HEADER = "Day,Campaign name,Impressions,Clicks (all),Amount spent (USD)\n"


def spend(plan: LoadPlan) -> Decimal | None:
    return next(row.control_sum for row in plan.columns if row.target_column == "amount_spent")


def counted(project: ProjectUnderTest, *waves: str) -> tuple[dict[str | None, Decimal], list[str]]:
    """The spend that counts by currency after these waves, and the kinds of the open questions."""
    for number, text in enumerate(waves, 1):
        project.load(project.write(f"{number}.csv", text), number)
    assert project.build_clients().success
    return counting(project)


def counting(
    project: ProjectUnderTest, schema: str = SCHEMA, which: str = "true"
) -> tuple[dict[str | None, Decimal], list[str]]:
    """The spend that counts by currency, and the kinds of the open questions, of some waves."""
    rows = f"from {schema}.processed_campaign_data where superseded_by is null and {which}"
    sums = project.query(f"select currency, sum(amount_spent) {rows} group by 1")
    kinds = project.query(f"select kind from {schema}.open_questions where {which} order by 1")
    return dict(sums), [kind for (kind,) in kinds]


def rows(*lines: str) -> str:
    return HEADER + "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize(
    ("text", "code"),
    witnesses(
    [
        (rows("2024-01-01,A,10,1,1.50", "2024-01-02,A,11,1,2.50", "2024-01-03,A,12,1,1,234.56"), "rows-shifted"),
        (rows("2024-01-01,A,900,5,1110000", "2024-01-02,A,707,5,810000"), "units-unsure"),
        (HEADER + "2024-01-01,A,1,1,1.50\nDay,Campaign name,Clicks (all),Impressions,Amount spent (USD)\n"
         "2024-01-02,B,2,2,2.50\n", "several-tables"),
        (HEADER + "2024-01-01,A,1,1,1.50\n" + HEADER.replace("USD", "EUR") + "2024-01-02,B,2,2,2.50\n",
         "several-tables"),
        (rows("2024-01-01,A,10,1,1.50", "2024-01-01,B,20,2,2.75", "2024-01-01,The client,30,3,4.25"),
         "subtotals-unsure"),
        # a thousand cut in two whose end stands under a header that others leave blank
        (HEADER.replace("\n", ",Notes\n") + "".join(f"2024-01-0{day},A,1000,20,10.50,\n" for day in range(1, 8))
         + "2024-01-08,A,1000,20,1,103.50\n", "rows-shifted"),
        # a sign of thousands
        (rows("2024-01-01,A,10000,1000,2.4 T€", "2024-01-02,A,10000,1000,3.7 T€").replace(" (USD)", ""), "currency-unsure"),
        # months of 2024, or days of it; what a spreadsheet may have rounded
        ("January 1, 2024 - February 29, 2024\n" + rows("Jan 24,A,10,1,1.50", "Feb 24,A,11,1,2.50"), "cells-unread"),
        (rows("2024-01-01,A,10,1,12.5", "2024-01-02,A,11,1,1.25E+01"), "cells-unread"),
    ], lambda case: case[1]),
)  # fmt: skip
def test_what_cannot_be_known_stops_the_load(acme: ProjectUnderTest, text: str, code: str) -> None:
    with pytest.raises(FileRefusedError) as refused:
        acme.plan(text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "expected"),
    witnesses(
    [
        # a header that is repeated as it is
        (HEADER + "2024-01-01,A,1,1,1.50\n" + HEADER + "2024-01-02,A,2,1,2.50\n", "4.00"),
        # a total with the days of all
        (rows("2024-01-01,A,10,1,1.50", "2024-01-02,A,11,1,2.50", "2024-01-01,,21,2,4.00"), "4.00"),
        # a pivot table: the name once for its days
        (rows("2024-01-01,A,10,1,1.50", "2024-01-02,,11,1,2.50", "2024-01-01,B,5,1,3.00", "2024-01-02,,6,1,4.00"), "11.00"),
        ("Campaign name,Impressions,Amount spent\nA,10,1.50\nB,11,2.50\nN/A,21,4.00\n", "4.00"),
        ("Campaign name,Impressions,Amount spent\nA,10,1.50\nB,11,2.50\nOverall total - 2 campaigns,21,4.00\n", "4.00"),
        # a day that is the sum of the two before is no total
        (rows("2024-01-01,A,10,1,1.50", "2024-01-02,A,11,1,2.50", "2024-01-03,A,21,2,4.00"), "8.00"),
        # a year above the header; a minus behind; numbers as programs write them
        ("January 1, 2024 - January 31, 2024\n" + rows("Jan 1,A,10,1,1.50", "Jan 2,A,11,1,2.50"), "4.00"),
        (rows("2024-01-01,A,10,1,12.50", "2024-01-02,B,,,5.00-"), "7.50"),
        (rows("2024-01-01,A,10,1,1.50", "2024-01-02,A,11,1,1e-05", "2024-01-03,A,11,1,0E-8"), "1.50001"),
        # subtotals without a day, in a pivot; averages
        ("Campaign name,Day,Impressions,Amount spent\nA,2024-01-01,10,1.50\n,2024-01-02,11,2.50\nA Total,,21,4.00\n"
         "B,2024-01-01,12,3\n,2024-01-02,13,5\nB Total,,25,8\nGrand Total,,46,12\n", "12.00"),
        ("Campaign name,Impressions,Amount spent\nA,10,1.50\nB,12,2.50\nAverage,11,2.00\n", "4.00"),
        # a fee and a credit were never delivered
        (rows("2024-01-01,A,10,1,1.50", "2024-01-01,Fee,,,25.00", "2024-01-01,Credit,,,-10.00"), "16.50"),
        # spend of a currency of which a click costs thousands
        (rows("2024-01-01,A,1000,10,250000", "2024-01-02,A,1100,11,300000").replace("USD", "VND"), "550000"),
    ], quick=5),
)  # fmt: skip
def test_what_is_sure_is_right_and_asks_nothing(acme: ProjectUnderTest, text: str, expected: str) -> None:
    plan = acme.plan(text)
    assert (spend(plan), plan.questions) == (Decimal(expected), [])


def test_rows_without_a_campaign_that_have_days_are_data_and_asked_about(acme: ProjectUnderTest) -> None:
    text = rows("2024-01-01,A,10,1,1.50", "2024-01-02,A,11,1,2.50", "2024-01-01,,5,1,3.00", "2024-01-02,,6,1,4.00")
    plan = acme.plan(text)
    assert (spend(plan), [asked.kind for asked in plan.questions]) == (Decimal("11.00"), ["names-blank"])
    assert plan.questions[0].amount_at_stake == 7


@pytest.mark.parametrize(
    ("text", "kind"),
    witnesses(
    [
        (rows("2024-01-01,A,10,1,1.50", "2024-01-02,A, EU,12,1,2.50").replace("1.50", "1.50\n2024-01-03,B,5,1,1\n2024-01-04,B,5,1,1"),
         "rows-shifted"),
        ("Day,Campaign name,Currency,Amount spent\n2024-01-01,A,EUR,1.50\n2024-01-02,A,78.90,2.50\n", "currency-unknown"),
        ("Day,Ad name,Ad ID,Amount spent\n2024-01-01,A,120211234567890000,1.50\n2024-01-01,B,120211234567900000,2\n",
         "ids-rounded"),
        # spend repeated per action, under a known header, and without other figures
        ("Day,Campaign name,Result indicator,Results,Impressions,Amount spent\n" + "".join(
            f"2024-01-0{day},A,{action},{day},9,{day}.50\n" for day in range(1, 5) for action in ("lead", "sale")), "rows-repeated"),
        ("Day,Campaign name,Action type,Amount spent\n" + "".join(
            f"2024-01-0{day},A,{action},{day}.50\n" for day in range(1, 5) for action in ("lead", "sale")), "rows-repeated"),
        (rows("2024-01-01,A,10,1,12.50", "2024-01-02,A,10,1,<1000", "2024-01-03,A,10,1,12.50"), "spend-bounded"),
        # spend repeated per age; per currency; one spend on all ads, on all days; each day the sum of all before
        ("Day,Campaign name,Age,Impressions,Amount spent\n" + "".join(
            f"2024-01-0{day},A,{age},9{day},{day}.50\n" for day in range(1, 5) for age in ("18-24", "25-34")), "rows-repeated"),
        ("Day,Campaign name,Currency,Impressions,Clicks (all),Amount spent\n" + "".join(
            f"2024-01-0{day},A,{code},9{day},{day},{day}.5{at}\n" for day in range(1, 5) for at, code in enumerate(("EUR", "USD"))),
         "rows-repeated"),
        ("Day,Campaign name,Ad name,Impressions,Amount spent\n" + "".join(
            f"2024-01-0{day},A,Ad {ad},{ad}{day},{day}.50\n" for day in range(1, 5) for ad in range(1, 4)), "spend-repeated"),
        (rows(*(f"2024-01-0{day},{name},{1000 + 10 * day},2,{spent}" for day in range(1, 9)
                for name, spent in (("A", 300.5), ("B", 200.5)))), "spend-repeated"),
        (rows(*(f"2024-01-{day:02},A,{1000 + 10 * day % 7},2,{day * day + day}.50" for day in range(1, 20))), "spend-cumulative"),
        # exports that overlap, joined; two breakdowns under each other
        (rows(*(f"2024-01-0{day},{name},10{day},2,{day}.{more}5" for more in (1, 2) for day in range(2 * more, 3 + 2 * more)
                for name in ("A", "B"))), "rows-twice"),
        ("Day,Campaign name,Age,Gender,Impressions,Amount spent\n2024-01-01,A,18-24,,10,1.50\n2024-01-01,A,25-34,,20,2.50\n"
         "2024-01-01,A,,male,14,2.25\n2024-01-01,A,,female,16,1.75\n", "breakdowns-stacked"),
        # clicks for nothing; marks before three digits; two columns of spend; impressions by another name
        (rows(*(f"2024-01-0{day},A,1000,20,{0 if day < 3 else 10.5}" for day in range(1, 9))), "spend-zero"),
        ("Day,Campaign name,Results,Amount spent\n2024-01-01,A,1.400,1.50\n2024-01-02,A,1.750,2.50\n2024-01-03,A,700,3.50\n",
         "thousands-unsure"),
        ("Day,Campaign name,Spend,Amount spent\n2024-01-01,A,1.50,2.50\n2024-01-02,A,3.50,4.50\n", "columns-differ"),
        ("Day,Campaign name,Amount spent (PLN),Amount spent (ACT)\n2024-01-01,A,1.50,2.50\n", "columns-differ"),
        ("Day,Campaign name,Impressions ('000),Amount spent\n2024-01-01,A,1.5,2.50\n2024-01-02,A,3.5,4.50\n", "column-missing"),
        ("Day,Campaign name,Impressions,Amount spent (%)\n2024-01-01,A,15,2.50%\n2024-01-02,A,35,4.50%\n", "column-missing"),
        (rows(*(f"2024-01-{day:02},A,1000,20,{day + 3}.00" for day in range(1, 25))), "amounts-whole"),
        # decimal commas without quotes; rows with impressions and clicks in each other's places
        (rows("2024-01-01,A,1000,20,100,50", "2024-01-02,A,1001,21,101,55", "2024-01-03,A,1002,22,102,10"), "rows-shifted"),
        (rows(*(f"2024-01-0{day},A,1000,20,10.50" for day in range(1, 8)), "2024-01-08,A,20,1000,9.50", "2024-01-09,A,21,1001,9.50"),
         "columns-swapped"),
    ], quick=8),
)  # fmt: skip
def test_what_may_be_wrong_is_asked(acme: ProjectUnderTest, text: str, kind: str) -> None:
    assert kind in {question.kind for question in acme.plan(text, unread="keep").questions}


def test_ids_are_the_same_whatever_a_spreadsheet_put_around_them(acme: ProjectUnderTest) -> None:
    header = "Day,Ad ID,Ad name,Impressions,Amount spent (USD)\n"
    waves = [
        "2024-01-01,120211234567890123,A,10,10.00\n",
        '2024-01-01,"=""120211234567890123""",A,10,10.00\n2024-01-02,"=""120211234567890123""",A,10,20.00\n',
        "2024-01-01,'120211234567890123,A,10,10.00\n2024-01-03,120211234567890123.0,A,10,40.00\n",
    ]
    assert counted(acme, *(header + wave for wave in waves)) == ({"USD": Decimal(70)}, [])


IDS = "Day,Campaign ID,Impressions,Amount spent (USD)\n"
AD_IDS = "Day,Campaign ID,Ad ID,Ad name,Impressions,Amount spent (USD)\n"
ACCOUNT_IDS = "Day,Account ID,Campaign name,Impressions,Amount spent (USD)\n"


SAME_IDS: list[tuple[list[str], int]] = [
        # leading zeros, of one level and of two; letters are no number
        ([IDS + "2024-01-01,00123,9,100\n", IDS + "2024-01-01,123,9,101\n"], 101),
        ([IDS + "2024-01-01,00123,9,100\n", AD_IDS + "2024-01-01,123,0045,A,9,60\n2024-01-01,123,46,B,9,40\n",
          AD_IDS + "2024-01-01,0123,45,A,9,61\n2024-01-01,0123,46,B,9,40\n"], 101),
        ([IDS + "2024-01-01,0a1,9,100\n", IDS + "2024-01-01,a1,9,100\n"], 200),
        ([ACCOUNT_IDS + "2024-01-01,0123,Brand,9,100\n", ACCOUNT_IDS + "2024-01-01,123,Brand,9,101\n"], 101),
        ([IDS + "2024-01-01,206-612-3456,9,100\n", IDS + "2024-01-01,2066123456,9,101\n"], 101),
        # prefixes of bulk exports and APIs
        ([AD_IDS + "2024-01-01,120201,120203,A,9,10\n", AD_IDS + "2024-01-01,cg:120201,a:120203,A,9,11\n",
          AD_IDS + "2024-01-01,c:120201,as:120203,A,9,12\n2024-01-02,s:120201,a:120203,A,9,1\n"], 13),
        ([IDS + "2024-01-01,123,9,100\n", IDS + "2024-01-01,urn:li:sponsoredCampaign:123,9,101\n"], 101),
]  # fmt: skip


CURRENCIES = "Day,Campaign name,Currency,Impressions,Amount spent\n"
AD_SETS = "Day,Campaign ID,Campaign name,Ad set name,Impressions,Amount spent (USD)\n"
OWNED = "Day,Account name,Campaign name,Impressions,Amount spent (USD)\n"
NAMED_IDS = "Day,Campaign ID,Campaign name,Impressions,Amount spent\n"
BARE = "Day,Campaign name,Impressions,Amount spent\n"
ACCOUNTS = "Day,Account name,Account ID,Campaign name,Impressions,Amount spent (USD)\n"


Case = tuple[list[str], dict[str | None, Any], list[str]]
OF_IDS: list[Case] = [(waves, {"USD": total}, []) for waves, total in SAME_IDS]
BESIDE: list[Case] = [
        *OF_IDS,
        # two accounts; two currencies; an account without its name in a later wave
        ([ACCOUNTS + "2024-01-01,US,1,Brand,9,100\n", ACCOUNTS + "2024-01-01,CA,2,Brand,9,80\n"], {"USD": 180}, []),
        ([ACCOUNTS + "2024-01-01,US,1,Brand,9,100\n",
          ACCOUNTS.replace("USD", "EUR") + "2024-01-01,US,1,Brand,9,90\n"], {"USD": 100, "EUR": 90}, []),
        ([ACCOUNTS + "2024-01-01,US,1,Brand,9,100\n", HEADER + "2024-01-01,Brand,9,1,101\n"], {"USD": 101}, []),
        # the same account, whose id is written in two ways
        ([ACCOUNTS + "2024-01-01,US,123-456-7890,Brand,9,100\n", ACCOUNTS + "2024-01-01,US,1234567890,Brand,9,101\n"],
         {"USD": 101}, []),
        # nothing names the account, and each day has another spend
        ([rows("2024-01-01,Brand,9,1,10", "2024-01-02,Brand,9,1,20"), rows("2024-01-01,Brand,9,1,7", "2024-01-02,Brand,9,1,8")],
         {"USD": 15}, ["restated-unlike"]),
        ([rows("2024-01-01,Brand,9,1,10", "2024-01-02,Brand,9,1,20"), rows("2024-01-01,Brand,9,1,10", "2024-01-02,Brand,9,1,21")],
         {"USD": 31}, []),
        # most days are quite others; the spend is alike, but not the impressions
        ([rows(*(f"2024-01-{day:02},Brand,9000,1,{100 + day * 3}" for day in range(1, 20))),
          rows(*(f"2024-01-{day:02},Brand,9000,1,{121 if day == 7 else 30 + day}" for day in range(1, 20)))],
         {"USD": 844}, ["restated-unlike"]),
        ([rows("2024-01-01,Brand,1001,1,10", "2024-01-02,Brand,2002,1,20"),
          rows("2024-01-01,Brand,501,1,9.70", "2024-01-02,Brand,602,1,19.30")], {"USD": 29}, ["restated-unlike"]),
        ([rows(*(f"2024-01-{day:02},Brand,1000,1,{100 + day}" for day in range(1, 20))),
          rows(*(f"2024-01-{day:02},Brand,{1300 if day > 14 else 1002},1,{100 + day}" for day in range(1, 20)))],
         {"USD": 2090}, []),
        # a file of other days, of which some are alike in spend, and some in impressions
        ([rows(*(f"2024-01-{day:02},Brand,1000,1,{100 + day}" for day in range(1, 20))),
          rows(*(f"2024-01-{day:02},Brand,{1000 if day % 2 else 400},1,{200 if day % 2 else 100 + day}" for day in range(14, 30)))],
         {"USD": 3959}, ["restated-unlike"]),
        # the last day of a daily pull was not over; all of it was, where nothing goes on
        ([rows("2024-01-01,A,90,1,10", "2024-01-02,A,90,1,20"),
          rows("2024-01-02,A,180,1,42", "2024-01-03,A,90,1,5"), rows("2024-01-03,A,180,1,10", "2024-01-04,A,9,1,1")],
         {"USD": 63}, []),
        ([rows("2024-01-01,A,90,1,10", "2024-01-02,A,90,1,20", "2024-01-02,B,40,1,9"),
          rows("2024-01-02,A,189,1,42", "2024-01-02,B,85,1,20", "2024-01-03,A,90,1,5")], {"USD": 77}, []),
        ([rows("2024-01-02,A,90,1,20", "2024-01-02,B,40,1,9"), rows("2024-01-02,A,189,1,42", "2024-01-02,B,85,1,20")],
         {"USD": 62}, ["restated-unlike"]),
        # two campaigns of one name, told apart by the later file alone
        ([BARE + "2024-01-01,A,90,10\n2024-01-02,A,90,20\n",
          NAMED_IDS + "2024-01-01,1,A,50,6\n2024-01-01,2,A,40,4\n2024-01-02,1,A,50,14\n2024-01-02,2,A,40,6\n"], {None: 30}, []),
        # renamed; and another campaign that replaced it on other days
        ([rows("2024-01-01,Old,9,1,10.11", "2024-01-02,Old,9,1,20.22"),
          rows("2024-01-01,New,9,1,10.11", "2024-01-02,New,9,1,20.22", "2024-01-03,New,9,1,5")],
         {"USD": Decimal("65.66")}, ["campaign-renamed"]),
        ([rows("2024-01-01,Old,9,1,10"), rows("2024-01-01,Old,9,1,10", "2024-01-02,New,9,1,10")], {"USD": 20}, []),
        # renamed, with the last days restated; from the middle of the period on; known by the id of the campaign alone
        ([rows(*(f"2024-01-{day:02},Old,{day}00,1,{day}.50" for day in range(1, 8))),
          rows(*(f"2024-01-{day:02},New,{day}00,1,{day}.{7 if day > 5 else 5}0" for day in range(1, 9)))],
         {"USD": Decimal("72.1")}, ["campaign-renamed"]),
        ([rows(*(f"2024-01-{day:02},Old,{day}01,1,{day}.50" for day in range(1, 4))),
          rows(*(f"2024-01-{day:02},New,{day}01,1,{day}.55" for day in range(1, 4)))],
         {"USD": Decimal("15.15")}, ["campaign-renamed"]),
        ([rows(*(f"2024-01-{day:02},Old,{day}00,1,{day}.50" for day in range(1, 4))),
          rows("2024-01-01,Old,100,1,1.50", "2024-01-02,New,200,1,2.50", "2024-01-03,New,300,1,3.50")],
         {"USD": Decimal("13.5")}, ["campaign-renamed"]),
        ([AD_SETS + "2024-01-01,1,Old,S,90,10\n2024-01-02,1,Old,S,80,20\n",
          AD_SETS + "2024-01-01,1,New,S,90,10\n2024-01-02,1,New,S,80,20\n"], {"USD": 60}, ["campaign-renamed"]),
        ([AD_SETS.replace("Ad set name", "Ad Set ID") + "2024-01-01,1,Old,7,90,10\n2024-01-02,1,Old,7,80,20\n",
          AD_SETS.replace("Ad set name", "Ad Set ID") + "2024-01-01,1,New,7,90,10\n2024-01-02,1,New,7,80,20\n"], {"USD": 30}, []),
        # two campaigns with the same budget, one of which an account's export lacks
        ([rows(*(f"2024-01-{day:02},Old,{day}00,1,10" for day in range(1, 8))),
          rows(*(f"2024-01-{day:02},New,{day}90,1,10" for day in range(1, 8)))], {"USD": 140}, []),
        ([rows(*(f"2024-01-{day:02},Old,{day}00,1,{day if day > 4 else 10}" for day in range(1, 8))),
          rows(*(f"2024-01-{day:02},New,{day}03,1,10" for day in range(1, 8)))], {"USD": 128}, []),
        # an account written in two ways, and with its id alone; two accounts of other figures, and of equal budgets
        ([OWNED + "2024-01-01,US,Brand,90,10\n2024-01-02,US,Brand,80,20\n2024-01-03,US,Brand,80,30\n",
          OWNED + "2024-01-01,U.S.,Brand,90,10\n2024-01-02,U.S.,Brand,80,20\n2024-01-03,U.S.,Brand,81,31\n"],
         {"USD": 121}, ["rows-alike"]),
        ([OWNED + "2024-01-01,US,Brand,90,10\n2024-01-02,US,Brand,80,20\n",
          OWNED.replace("name", "ID", 1) + "2024-01-01,12,Brand,90,10\n2024-01-02,12,Brand,80,20\n"],
         {"USD": 60}, ["rows-alike"]),
        ([OWNED + "2024-01-01,US,Brand,90,10\n2024-01-02,US,Brand,80,20\n",
          OWNED + "2024-01-01,CA,Brand,70,10\n2024-01-02,CA,Brand,80,21\n"], {"USD": 61}, []),
        ([OWNED + "2024-01-01,US,Brand,90,10\n2024-01-02,US,Brand,80,10\n",
          OWNED + "2024-01-01,CA,Brand,91,10\n2024-01-02,CA,Brand,81,10\n"], {"USD": 40}, []),
        ([ACCOUNTS + "2024-01-01,US,1,Brand,9,100\n", OWNED + "2024-01-01,US,Brand,9,100\n"], {"USD": 100}, []),
        # one export in two currencies; two accounts of two currencies
        ([rows("2024-01-01,Brand,190,1,10", "2024-01-02,Brand,180,1,20"),
          rows("2024-01-01,Brand,190,1,9", "2024-01-02,Brand,180,1,18").replace("USD", "EUR")],
         {"USD": 30, "EUR": 27}, ["rows-alike"]),
        ([rows("2024-01-01,Brand,90,1,10", "2024-01-02,Brand,80,1,20"),
          rows("2024-01-01,Brand,91,1,9", "2024-01-02,Brand,70,1,18").replace("USD", "EUR")], {"USD": 30, "EUR": 27}, []),
        # an ad renamed; a breakdown in another language; a part of the rows restated alone
        (["Day,Campaign name,Ad name,Impressions,Amount spent (USD)\n" + "".join(
            f"2024-01-0{day},A,{ad} {at},{100 + 10 * day + at},{day}.{at}0\n" for day in (1, 2) for at in (1, 2))
          for ad in ("Ad", "Anzeige")], {"USD": Decimal("13.20")}, ["rows-alike"]),
        (["Day,Campaign name,Gender,Impressions,Amount spent (USD)\n" + "".join(
            f"2024-01-0{day},A,{gender},{100 + 10 * day + at},{day}.{at}0\n" for day in (1, 2) for at, gender in enumerate(genders))
          for genders in (("female", "male"), ("Frau", "Mann"))], {"USD": Decimal("12.40")}, ["rows-alike"]),
        (["Day,Campaign name,Market,Impressions,Amount spent (USD)\n" + "".join(
            f"2024-01-0{day},A,{market},{900 - 800 * at},{9 - 8 * at}.50\n" for day in (1, 2) for at, market in enumerate(markets))
          for markets in (("DE", "AT"), ("DE",))], {"USD": 19}, ["restated-lower"]),
        # currencies in the cells of the spend; restated with a column of them
        ([BARE + "2024-01-01,A,9,€10\n2024-01-01,B,9,£20\n2024-01-02,A,9,$40\n"],
         {"EUR": 10, "GBP": 20, "$": 40}, ["currency-unknown"]),
        ([BARE + "2024-01-01,A,9,€10\n2024-01-01,B,9,£20\n2024-01-02,A,9,$40\n",
          CURRENCIES + "2024-01-01,A,EUR,9,11\n2024-01-01,B,GBP,9,21\n2024-01-02,A,USD,9,41\n"],
         {"EUR": 11, "GBP": 21, "USD": 41}, ["currency-unknown"]),
        # the hours of one day in two waves; all of them again, at another clock; and then the day as a whole
        ([rows("2024-01-01 00:00,A,9,1,1", "2024-01-01 01:00,A,9,1,2"),
          rows("2024-01-01 13:00,A,9,1,4", "2024-01-01 14:00,A,9,1,8")], {"USD": 15}, []),
        ([rows("2024-01-01 00:00,A,9,1,1", "2024-01-01 13:00,A,9,1,2"),
          rows("1/1/24 12:00 AM,A,9,1,1", "1/1/24 1:00 PM,A,9,1,2", "1/30/24 1:00 PM,A,9,1,16")], {"USD": 19}, []),
        ([rows("2024-01-01 00:00,A,9,1,1", "2024-01-01 13:00,A,9,1,2"), rows("2024-01-01,A,9,1,3")], {"USD": 3}, []),
        # one currency, by its sign, its code and its code in small letters
        ([CURRENCIES + "2024-01-01,A,€,9,10\n", CURRENCIES + "2024-01-01,A,EUR,9,11\n",
          CURRENCIES + "2024-01-01,A,eur,9,12\n"], {"EUR": 12}, []),
        ([BARE + "2024-01-01,A,9,€10\n2024-01-01,B,9,EUR 20\n"], {"EUR": 30}, []),
]  # fmt: skip
# no row of a case speaks of what another's does: each has a month of its own, of a client for each year
MONTHS = [(year, month) for year in range(2022, 2027) for month in (1, *range(3, 13))]
PLACED = list(zip(MONTHS[: len(BESIDE)], BESIDE, strict=True))


def in_month(text: str, year: int, month: int) -> str:
    """An export of January 2024 as one of another month."""
    text = text.replace("2024-01-", f"{year}-{month:02}-")
    return re.sub(r"\b1/([0-9]+)/24\b", rf"{month}/\1/{year % 100}", text)


@pytest.fixture(scope="module")
def beside(parsed: ProjectUnderTest, tmp_path_factory: pytest.TempPathFactory) -> ProjectUnderTest:
    """The waves of all cases in one project, ten numbers for each case, so that one build does for all of them."""
    project = parsed.copy(tmp_path_factory.mktemp("beside"))
    clients = {year: project.add("acme", "meta", year) for year in sorted({year for year, _ in MONTHS})}
    for (year, month), (waves, *_) in PLACED:
        for number, text in enumerate(waves):
            file = project.write(f"{year}-{month}-{number}.csv", in_month(text, year, month))
            project.load(file, 10 * month + number, clients[year])
    # files with other columns lie beside each other, and questions are open
    asked = {"waves_score_at_least_the_limit", "waves_score_at_least_the_warning", "no_question_is_open"}
    assert project.build_clients().failed_tests <= asked
    return project


@pytest.mark.slow
@pytest.mark.parametrize(("month", "case"), PLACED)
def test_waves_beside_each_other(beside: ProjectUnderTest, month: tuple[int, int], case: Case) -> None:
    _, sums, kinds = case
    found = counting(beside, f"client_acme_meta_{month[0]}", f"wave_number // 10 = {month[1]}")
    assert found == ({code: Decimal(amount) for code, amount in sums.items()}, kinds)


@pytest.mark.parametrize("name", witnesses(["export[1].csv", "what?.csv", "all*.csv"]))
def test_a_file_name_is_no_pattern(acme: ProjectUnderTest, name: str) -> None:
    for other in ("export1.csv", "whatX.csv", "all of them.csv"):
        acme.write(other, rows("2024-01-01,Other,10,1,900.50"))
    plan = acme.plan(rows("2024-01-01,A,10,1,1.50"), name=name)
    assert (plan.row_count, spend(plan)) == (1, Decimal("1.50"))


def test_later_downloads_come_after_earlier_ones(acme: ProjectUnderTest) -> None:
    header = "Day,Campaign name,Impressions,Amount spent (USD)\n"
    older = acme.write("report.csv", header + "2024-01-01,A,10,1.00\n")
    newer = acme.write("report (1).csv", header + "2024-01-01,A,10,1.50\n2024-01-02,A,10,2.00\n")
    names = [file.name for file, _ in each_export([newer, older], reading_options())]
    assert names == ["report.csv", "report (1).csv"]
    archive = acme.root / "all.zip"
    with zipfile.ZipFile(archive, "w") as members:
        for file in (newer, older):
            members.write(file, file.name)
    chosen = [options.member for _, options in each_export([archive], reading_options())]
    assert chosen == ["report.csv", "report (1).csv"]


@pytest.mark.slow
def test_a_rate_may_be_given_as_a_fraction(acme: ProjectUnderTest) -> None:
    header = "Day,Campaign name,Impressions,Link clicks,CTR (link click-through rate),Amount spent (USD)\n"
    expected = {"0.0400": 0, "4.00": 0, "0.04": 0, "0.0500": 1, "0.00": 1}
    for wave, rate in enumerate(expected, 1):
        acme.load(acme.write(f"{wave}.csv", f"{header}2024-01-0{wave},A,1000,40,{rate},10.50\n"), wave)
    assert acme.build_clients().success
    found = acme.processed("json_array_length(row_issues)")
    assert dict(zip(expected, (issues for (issues,) in found), strict=True)) == expected
