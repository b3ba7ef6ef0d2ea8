"""Day and month are decided by all that a file says; what stays open stops the load."""

from __future__ import annotations

import pytest

from loader import client_schema
from loader.errors import FileRefusedError
from loader.waves.plan import LoadPlan
from tests.support import ProjectUnderTest, witnesses

ENGLISH = "Reporting starts,Reporting ends,Campaign name,Impressions,Amount spent (GBP)\n"
FRENCH = "Début des rapports;Fin des rapports;Nom de la campagne;Impressions;Montant dépensé (EUR)\n"

AMAZON = "Campaign Name,Customer Search Term,Start Date,End Date,Impressions,Spend\n"


def planned(project: ProjectUnderTest, text: str, platform: str = "meta", **options: str) -> LoadPlan:
    return project.plan(text, 1, client_schema("acme", platform, 2026), **options)


def days(plan: LoadPlan) -> list[str]:
    return [str(day) for day in plan.days or ()]


@pytest.mark.parametrize(
    ("text", "platform", "expected", "why"),
    witnesses(
    [
        (FRENCH + "01/09/2026;30/09/2026;A;10;1,50\n", "meta", ["2026-09-01", "2026-09-30"], "has days over 12"),
        (ENGLISH + "09/01/2026,09/30/2026,A,10,1.50\n", "meta", ["2026-09-01", "2026-09-30"], "has days over 12"),
        (ENGLISH + "01/02/2026,01/03/2026,A,10,1.50\n" + "05/06/2026,04/07/2026,B,10,1.50\n", "meta",
         ["2026-02-01", "2026-07-04"], "end before they start"),
        ("Report\n2026-09-01 - 2026-09-12\n\n" + ENGLISH + "01/09/2026,07/09/2026,A,10,1.50\n", "meta",
         ["2026-09-01", "2026-09-07"], "the period above the header"),
        (FRENCH + "01/09/2026;07/09/2026;A;10;2\n", "meta", ["2026-09-01", "2026-09-07"], "in the language of its headers (fr)"),
        (ENGLISH.replace(",", ";") + "01/09/2026;07/09/2026;A;10;1,55\n", "meta", ["2026-09-01", "2026-09-07"],
         "decimal commas"),
        ("Start Date (in UTC),Campaign Name,Impressions,Total Spent\n9/1/2026,A,10,1.50\n", "linkedin",
         ["2026-09-01", "2026-09-01"], "as linkedin writes dates"),
    ], quick=3),
)  # fmt: skip
def test_evidence_decides(onboarded: ProjectUnderTest, text: str, platform: str, expected: list[str], why: str) -> None:
    plan = planned(onboarded, text, platform)
    assert days(plan) == expected
    assert any(why in row.reason for row in plan.columns if row.column_type == "date"), [r.reason for r in plan.columns]


def test_a_date_that_nothing_decides_stops_the_load_with_both_readings(onboarded: ProjectUnderTest) -> None:
    text = ENGLISH + "01/09/2026,07/09/2026,A,10,1.50\n"
    with pytest.raises(FileRefusedError) as refused:
        planned(onboarded, text)
    assert refused.value.code == "dates-unsure"
    assert "01/09/2026 in the column 'Reporting starts' is 1 September 2026" in str(refused.value)
    assert "9 January 2026" in str(refused.value)
    assert days(planned(onboarded, text, dates="day-first")) == ["2026-09-01", "2026-09-07"]
    assert days(planned(onboarded, text, dates="month-first")) == ["2026-01-09", "2026-07-09"]


def test_evidence_that_contradicts_itself_decides_nothing(project: ProjectUnderTest) -> None:
    names = project.add("acme", "meta", 2026)
    project.load(project.write("earlier.csv", FRENCH + "09/30/2025;09/30/2025;A;10;2\n"), 1, names)
    with pytest.raises(FileRefusedError, match="nothing shows which number"):
        project.load(project.write("b.csv", FRENCH + "01/09/2026;07/09/2026;A;10;2\n"), 2, names, dry_run=True)


@pytest.mark.slow
def test_earlier_loads_of_the_same_headers_decide_and_the_load_says_so(project: ProjectUnderTest) -> None:
    names = project.add("acme", "meta", 2026)
    project.load(project.write("earlier.csv", ENGLISH + "09/30/2025,09/30/2025,A,10,1.50\n"), 1, names)
    later = project.load(project.write("c.csv", ENGLISH + "01/09/2026,07/09/2026,A,10,2\n"), 2, names, dry_run=True)
    assert later.plan
    assert days(later.plan) == ["2026-01-09", "2026-07-09"]
    assert "column 'Reporting starts': read month-first, as in the client's earlier loads" in later.warnings
    other = "Day,Campaign name,Impressions,Amount spent (GBP)\n01/09/2026,A,10,1.50\n"
    with pytest.raises(FileRefusedError, match="nothing shows which number"):
        project.load(project.write("d.csv", other), 2, names, dry_run=True)


@pytest.mark.slow
def test_a_column_with_days_in_both_orders_stops_the_load(onboarded: ProjectUnderTest) -> None:
    text = ENGLISH + "13/09/2026,14/09/2026,A,10,1.50\n09/15/2026,09/16/2026,B,10,1.50\n01/02/2026,01/02/2026,C,1,1\n"
    with pytest.raises(FileRefusedError, match="has dates in both orders"):
        planned(onboarded, text)
    with pytest.raises(FileRefusedError, match="1 of 3 cells of 'Reporting starts' can't be read as date"):
        planned(onboarded, text, dates="day-first")
    assert days(planned(onboarded, text, dates="day-first", unread="keep"))[0] == "2026-02-01"


def test_an_open_date_that_no_figure_hangs_on_is_kept_as_text(onboarded: ProjectUnderTest) -> None:
    text = "Day,Campaign name,Starts on,Impressions,Amount spent (GBP)\n2026-09-01,A,01/02/2026,10,1.50\n"
    (row,) = [row for row in planned(onboarded, text).columns if row.column_name == "Starts on"]
    assert (row.column_type, "which number in its dates is the month" in row.reason) == ("text", True)


def test_days_that_are_the_same_in_both_orders_are_no_doubt(onboarded: ProjectUnderTest) -> None:
    assert days(planned(onboarded, ENGLISH + "09/09/2026,09/09/2026,A,10,1.50\n")) == ["2026-09-09", "2026-09-09"]


@pytest.mark.parametrize(
    ("platform", "text", "expected"),
    witnesses(
    [
        ("googleads", 'Report\n"September 1, 2026 - September 30, 2026"\nCampaign,Impr.,Cost\nA,10,1.50\n',
         ["2026-09-01", "2026-09-30"]),
        ("googleads", "Report\nAll time\nCampaign,Impr.,Cost\nA,10,1.50\n", []),
        ("googleads", "Campaign,Week,Impr.,Cost\nA,2026-08-31,10,1.50\nA,2026-09-07,10,1.50\n",
         ["2026-08-31", "2026-09-13"]),
        ("googleads", "Campaign,Month,Impr.,Cost\nA,2026-09,10,1.50\n", ["2026-09-01", "2026-09-30"]),
        ("googleads", "Campaign,Month,Impr.,Cost\nA,September 2026,10,1.50\n", ["2026-09-01", "2026-09-30"]),
        ("googleads", "Campaign,Month,Impr.,Cost\nA,202608,10,1.50\nA,202609,10,1.50\n", ["2026-08-01", "2026-09-30"]),
        ("googleads", "Campaign,Month,Impr.,Cost\nA,Aug-26,10,1.50\nA,Sep-26,10,1.50\n", ["2026-08-01", "2026-09-30"]),
        ("googleads", "Campaign,Week,Impr.,Cost\nA,W36 2026,10,1.50\n", ["2026-08-31", "2026-09-06"]),
        ("googleads", 'Campaign,Day,Impr.,Cost\nA,"Tuesday, September 01, 2026",10,1.50\n', ["2026-09-01", "2026-09-01"]),
        ("googleads", "Campaign,Day,Impr.,Cost\nA,2026. 9. 1.,10,1.50\n", ["2026-09-01", "2026-09-01"]),
        ("googleads", "Campaign,Quarter,Impr.,Cost\nA,Q3 2026,10,1.50\n", ["2026-07-01", "2026-09-30"]),
        ("googleads", "Report\nQ3 2026\nCampaign,Impr.,Cost\nA,10,1.50\n", []),
        ("amazon", AMAZON + "a,shoe,2026-10-01,2026-10-31,10,1\nb,hat,2026-10-01,2026-10-31,10,1\nTotal,,,,20,2\n",
         ["2026-10-01", "2026-10-31"]),
        # of campaigns: two of them, one without an end, and one that no figure is broken down of
        ("amazon", AMAZON + "a,shoe,2026-10-01,2026-10-31,10,1\nb,hat,2026-10-01,2026-11-30,10,1\n", []),
        ("amazon", AMAZON + "a,shoe,2026-10-01,,10,1\nb,hat,2026-10-01,,10,1\n", []),
        ("amazon", "Campaign Name,Start Date,End Date,Impressions,Spend\na,2026-10-01,2026-10-31,10,1\n", []),
        ("googleads", "Campaign,Search term,Start date,End date,Impr.,Cost\na,shoe,2026-01-01,2026-12-31,10,1\n", []),
        # another column has the days
        ("amazon", "Date," + AMAZON + "2026-10-03,a,shoe,2026-10-01,2026-10-31,10,1\n", ["2026-10-03", "2026-10-03"]),
        ("meta", "Campaign name,Week,Impressions,Amount spent\nA,2026-09-07 - 2026-09-13,10,1.50\n",
         ["2026-09-07", "2026-09-13"]),
    ], quick=6),
)  # fmt: skip
def test_rows_get_the_days_of_their_export(
    onboarded: ProjectUnderTest, platform: str, text: str, expected: list[str]
) -> None:
    assert days(planned(onboarded, text, platform)) == expected


REPORT = "Campaign name,Day,Reporting starts,Reporting ends,Impressions,Amount spent (GBP)\n"


@pytest.mark.parametrize(
    ("text", "expected", "column"),
    [
        (REPORT + "A,2026-09-01,2026-09-01,2026-09-28,10,1\nA,2026-09-03,2026-09-01,2026-09-28,10,2\n",
         ["2026-09-01", "2026-09-03"], "Day"),
        # its total has no day
        (REPORT + "A,2026-09-01,2026-09-01,2026-09-28,10,1\nA,2026-09-03,2026-09-01,2026-09-28,10,2\n"
         ",,2026-09-01,2026-09-28,20,3\n", ["2026-09-01", "2026-09-03"], "Day"),
        # the rows of one day
        (REPORT + "A,2026-09-21,2026-09-01,2026-09-28,10,1\nB,2026-09-21,2026-09-01,2026-09-28,10,2\n",
         ["2026-09-21", "2026-09-21"], "Day"),
        (REPORT + "A,2026-09-01,2026-09-01,2026-09-28,10,1\n", ["2026-09-01", "2026-09-01"], "Day"),
        (REPORT.replace("Day", "Week") + "A,2026-09-07,2026-09-01,2026-09-28,10,1\nA,2026-09-14,2026-09-01,2026-09-28,10,2\n",
         ["2026-09-07", "2026-09-20"], "Week"),
        # an export by day, whose start and end are its day
        (REPORT + "A,2026-09-01,2026-09-01,2026-09-01,10,1\nA,2026-09-03,2026-09-03,2026-09-03,10,2\n",
         ["2026-09-01", "2026-09-03"], "Reporting starts"),
        (REPORT + "A,2026-09-01,2026-09-01,2026-09-01,10,1\nB,2026-09-01,2026-09-01,2026-09-01,10,2\n",
         ["2026-09-01", "2026-09-01"], "Reporting starts"),
        # no day at all
        (REPORT + "A,,2026-09-01,2026-09-28,10,1\nB,,2026-09-01,2026-09-28,10,2\n",
         ["2026-09-01", "2026-09-28"], "Reporting starts"),
        ("date_start,date_stop,Day,campaign_name,impressions,spend\n2026-09-01,2026-09-28,2026-09-02,A,10,1\n"
         "2026-09-01,2026-09-28,2026-09-03,A,10,1\n", ["2026-09-02", "2026-09-03"], "Day"),
    ],
)  # fmt: skip
def test_rows_get_their_own_day_and_not_the_period_of_their_report(
    onboarded: ProjectUnderTest, text: str, expected: list[str], column: str
) -> None:
    plan = planned(onboarded, text)
    assert days(plan) == expected
    assert [row.column_name for row in plan.columns if row.target_column == "date_start"] == [column]
    assert len({row.target_column for row in plan.columns}) == len(plan.columns)


@pytest.mark.parametrize("cell", witnesses(["Sep-26", "202609"]))
def test_what_is_a_month_under_a_header_of_months_is_no_day(onboarded: ProjectUnderTest, cell: str) -> None:
    with pytest.raises(FileRefusedError, match="1 of 1 cells of 'Day' can't be read as date"):
        planned(onboarded, f"Campaign,Day,Impr.,Cost\nA,{cell},10,1.50\n", "googleads")
    text = f"Day,Month,Campaign,Impr.,Cost\n2026-09-01,{cell},A,10,1.50\n"
    assert days(planned(onboarded, text, "googleads")) == ["2026-09-01", "2026-09-01"]


def test_a_period_above_the_header_that_stays_open_stops_the_load(onboarded: ProjectUnderTest) -> None:
    text = "Report Time: 9/1/2026 - 9/7/2026\n\nCampaign,Impr.,Cost\nA,10,1.50\n"
    with pytest.raises(FileRefusedError, match="above the header is 9 January 2026 to 9 July 2026 if read day-first"):
        planned(onboarded, text, "googleads")
    assert days(planned(onboarded, text.replace("9/7", "9/17"), "googleads")) == ["2026-09-01", "2026-09-17"]
