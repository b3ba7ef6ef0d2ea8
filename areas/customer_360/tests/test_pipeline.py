"""The whole of the area: figures against an independent computation, checks that can fail, a model that knows no future."""

from __future__ import annotations

import importlib.util
import json
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain, pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from areas.customer_360.generating import generate_customers, generate_transactions
from areas.customer_360.plan import GenerationRequest
from areas.customer_360.tests.test_checks import BROKEN
from tests.checks import changed, compiled
from tests.golden.parts import changes
from tests.golden.tables import hashes_of_database
from tests.support import ROOT, DbtRun, ProjectUnderTest, sql_for_the_design

GOLD = (
    "dim_customer", "fct_transactions", "spend_days", "customer_months", "customer_segments", "customer_360_profile",
    "metric_customer_ltv", "metric_mom_spend_change", "metric_avg_transaction_value", "churn_predictions", "churn_model_runs",
    "churn_calibration", "eda_baseline",
)  # fmt: skip
LAST = date(2026, 6, 30)


def figures(project: ProjectUnderTest) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of gold but when they were made."""
    without = {"fct_transactions": "exclude (changed_by, batch_id)", "spend_days": "exclude (changed_by)"}
    without |= {"customer_months": "exclude (changed_by)", "churn_model_runs": "exclude (trained_at)"}
    without |= {"eda_baseline": "exclude (taken_at)"}
    return {name: project.query(f"select * {without.get(name, '')} from gold.{name} order by all") for name in GOLD}


@pytest.mark.slow
def test_tables_are_what_they_were(built: ProjectUnderTest) -> None:
    assert changes("customer_360", hashes_of_database(built.database)) == []


def test_the_queries_for_the_design_run(built: ProjectUnderTest) -> None:
    for statement in sql_for_the_design("003"):
        built.query(statement)


def test_figures_agree_with_those_of_plain_python(built: ProjectUnderTest) -> None:
    rows = built.query(
        "select customer_id, transaction_date, transaction_amount, merchant_category, channel, status from bronze.raw_transactions"
    )
    customers = {
        int(number): (date.fromisoformat(opened), closed)
        for number, opened, closed in built.query(
            "select customer_id, account_open_date, account_closed_date from bronze.raw_customers"
        )
    }
    months: dict[int, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    buyers: dict[date, set[int]] = defaultdict(set)
    values: dict[tuple[date, str, str], list[Decimal]] = defaultdict(list)
    recent: dict[int, list[tuple[Decimal, str]]] = defaultdict(list)
    last: dict[int, date] = {}
    for customer, day, amount, category, channel, status in rows:
        if status == "approved":
            month = day.replace(day=1)
            months[customer][month] += amount
            buyers[month].add(customer)
            values[month, category, channel].append(amount)
            last[customer] = max(day, last.get(customer, day))
            if day > LAST - timedelta(days=90):
                recent[customer].append((amount, category))
    spend: dict[date, Decimal] = defaultdict(Decimal)
    for month, amount in chain.from_iterable(map(dict.items, months.values())):
        spend[month] += amount
    ordered = sorted(spend)
    assert built.query(
        "select month_start, active_customers, spend, spend_change from gold.metric_mom_spend_change where segment = 'all' order by 1"
    ) == [
        (month, len(buyers[month]), spend[month], spend[month] - spend[before] if before else None)
        for month, before in zip(ordered, [None, *ordered], strict=False)
    ]
    found = built.query(
        "select month_start, merchant_category, channel, approved_transactions, avg_transaction_value from gold.metric_avg_transaction_value where approved_transactions > 0"
    )
    assert len(found) == len(values)
    for month, category, channel, count, average in found:
        amounts = values[month, category, channel]
        assert count == len(amounts)
        assert abs(average - sum(amounts) / len(amounts)) <= Decimal("0.005")
    profiles = built.query(
        "select customer_id, transactions_90_days, spend_90_days, last_purchase_date, spend, segment, tenure_days from gold.customer_360_profile"
    )
    assert {row[0] for row in profiles} == set(customers)
    for customer, count, amount_90, last_day, total, segment, tenure in profiles:
        bought = recent[customer]
        assert (count, amount_90, last_day) == (len(bought), sum(amount for amount, _ in bought), last.get(customer))
        assert total == sum(months[customer].values())
        before = [amount for month, amount in months[customer].items() if date(2025, 6, 1) <= month < date(2026, 3, 1)]
        usual = float(sum(before)) * 90 / 273
        average = float(amount_90) / count if count else 0.0
        travel = (
            float(sum(amount for amount, category in bought if category == "Travel")) / float(amount_90)
            if count
            else 0.0
        )
        assert tenure == (LAST - customers[customer][0]).days
        assert segment == (
            "New & Growing" if tenure < 546
            else "Declining" if float(amount_90) < 0.5 * usual or not count
            else "High-Value Travelers" if average >= 130 and travel >= 0.4
            else "Budget-Conscious" if average < 58
            else "Stable Mid-Spenders"
        ), customer  # fmt: skip
    values_now = dict(built.query("select customer_id, lifetime_value from gold.metric_customer_ltv"))
    segments = {row[0]: row[5] for row in profiles}
    window = [date(2026, month, 1) for month in range(1, 7)]
    pairs: dict[str, list[bool]] = defaultdict(list)
    for customer, spent_in in months.items():
        pairs[segments[customer]] += [later in spent_in for month, later in pairwise(window) if spent_in.get(month)]
    for customer, (opened, closed) in customers.items():
        kept = min(0.995, max(0.5, float(np.mean(pairs[segments[customer]])))) / 1.008
        total = float(sum(months[customer].values()))
        open_months = (2026 - opened.year) * 12 + 7 - opened.month
        spent = sum(months[customer].get(month, Decimal(0)) for month in window)
        monthly = float(spent) / min(6, max(1, open_months))
        expected = 0.0 if closed else monthly * 0.018 * kept * (1 - kept**36) / (1 - kept)
        assert abs(float(values_now[customer]) - (total * 0.018 + expected)) < 0.011, customer


def test_segments_are_mostly_those_that_were_generated(built: ProjectUnderTest) -> None:
    [(share,)] = built.query(
        "select avg((segments.segment = customers.customer_segment)::int) from gold.customer_segments as segments "
        "join silver.customers as customers using (customer_id) where customers.customer_segment <> 'Declining'"
    )
    assert share > 0.85


def test_each_metric_says_what_the_mart_says(built: ProjectUnderTest) -> None:
    manifest = json.loads((built.root / "target" / "semantic_manifest.json").read_text(encoding="utf-8"))
    measures = {
        measure["name"]: (measure, model["node_relation"]["relation_name"])
        for model in manifest["semantic_models"]
        if model["node_relation"]["schema_name"] == "gold"
        for measure in model["measures"]
    }
    found = {}
    for metric in manifest["metrics"]:
        if metric["type"] == "simple" and metric["type_params"]["measure"]["name"] in measures:
            measure, relation = measures[metric["type_params"]["measure"]["name"]]
            function = "count(distinct {})" if measure["agg"] == "count_distinct" else "{}({{}})".format(measure["agg"])
            [(found[metric["name"]],)] = built.query(
                f"select {function.format(measure['expr'])} from {relation.replace('spark9.', '', 1)}"
            )
    [(spend, approved, transactions)] = built.query(
        "select sum(approved_amount), sum(approved_transactions), sum(transactions) from gold.metric_avg_transaction_value"
    )
    assert (found["card_spend"], found["approved_card_transactions"], found["card_transactions"]) == (
        spend,
        approved,
        transactions,
    )
    assert found["card_customers"] == 1000
    assert len(found) == 7


@pytest.mark.slow
def test_broken_data_fails_the_command_and_is_told(built: ProjectUnderTest, tmp_path: Path) -> None:
    project = built.copy(tmp_path)
    project.change(BROKEN["check_07_amounts_are_positive_and_under_10000"].damage)
    run = project.spark9("customer-360", "validate-data")
    assert run.code == 5, run.text
    assert "check_07_amounts_are_positive_and_under_10000 fail" in " ".join(run.text.split())
    assert "error (checks-failed)" in run.text
    [(status, share)] = project.query(
        "select latest_status, passed_share from gold.v_data_quality_dashboard where check_name like 'check_07%'"
    )
    assert (status, share) == ("fail", 0.5)


@pytest.fixture(scope="module")
def churn() -> ModuleType:
    """The file of the Python model."""
    path = ROOT / "areas/customer_360/models/customer_360/churn/gold__churn_scores.py"
    spec = importlib.util.spec_from_file_location("churn_scores", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_no_feature_looks_past_its_day(built: ProjectUnderTest, churn: ModuleType) -> None:
    """What happened later is changed at will: purchases are doubled, taken away, moved; a customer's version is added."""
    features, blocks = compiled(built, "gold__churn_features"), compiled(built, "gold__customer_blocks")
    names = "customer_id, as_of_day, block, card_type, segment, recency_days, " + ", ".join(
        name for name in churn.FEATURES if not name.endswith("_code")
    )
    cut = LAST - timedelta(days=120)
    asked = f"select {names} from ({features}) where block >= 4 order by customer_id, block"
    with changed(built) as connection:
        before = connection.execute(asked).fetchall()
        labels = connection.execute(
            f"select is_churned from ({features}) where block = 4 order by customer_id"
        ).fetchall()
    with changed(
        built,
        f"delete from gold.fct_transactions where transaction_date > '{cut}' and customer_id % 3 = 0",
        f"update gold.fct_transactions set transaction_amount = 5000, status = 'approved' where transaction_date > '{cut}'",
        f"update gold.dim_customer set account_closed_date = '{LAST}' where customer_id % 5 = 0 and account_closed_date is null",
        f"insert into gold.dim_customer select customer_key + 1, customer_id, 2, '{LAST}', null, email_hash, age, state, city, "
        "employment_status, 'Platinum', 1, account_open_date, account_closed_date, true from gold.dim_customer where customer_id > 0",
        f"update gold.dim_customer set valid_to = '{LAST}', is_current = false where version_number = 1 and customer_id > 0",
        "delete from gold.customer_blocks",
        f"insert into gold.customer_blocks {blocks}",
    ) as connection:
        assert connection.execute(asked).fetchall() == before
        later = connection.execute(
            f"select is_churned from ({features}) where block = 4 order by customer_id"
        ).fetchall()
    assert len(before) > 5000
    assert later != labels
    used = {name.lower() for name in churn.FEATURES} | set(names.split(", "))
    assert not used & {"customer_segment", "decline_type", "is_churned", "account_closed_date"}
    assert "customer_segment" not in features + blocks
    assert "decline_type" not in features + blocks


@pytest.fixture(scope="module")
def metrics() -> ModuleType:
    """Of scikit-learn, whose import takes seconds that collecting tests need not take."""
    return importlib.import_module("sklearn.metrics")


@pytest.mark.slow
def test_a_model_of_shuffled_labels_knows_nothing(
    built: ProjectUnderTest, churn: ModuleType, metrics: ModuleType
) -> None:
    with duckdb.connect(str(built.database), read_only=True) as connection:
        frame = churn.prepared(connection.execute("select * from gold.churn_features").df())
    learned, judged = frame[frame["block"] >= churn.LEARNED_FROM], frame[frame["block"].isin(churn.JUDGED)]
    outcome = judged["is_churned"].astype(bool)
    areas = []
    for seed in range(3):
        labels = pd.Series(
            np.random.default_rng(seed).permutation(learned["is_churned"].astype(bool)), index=learned.index
        )
        model, _ = churn.trained(learned, labels, seed)
        areas.append(metrics.roc_auc_score(outcome, model.predict_proba(judged[churn.FEATURES])[:, 1]))
    # 44 of 1,880 rows left: one such area has a standard deviation of about 0.045
    assert abs(np.mean(areas) - 0.5) < 0.07, areas


def test_registered_figures_are_those_of_scikit_learn(built: ProjectUnderTest, metrics: ModuleType) -> None:
    with duckdb.connect(str(built.database), read_only=True) as connection:
        judged = connection.execute("select * from gold.churn_scores where split = 'judged'").df()
        run = connection.execute("select * from gold.churn_model_runs").df().iloc[0]
    outcome = judged["is_churned"].astype(int)
    assert run["judged_rows"] == len(judged)
    assert run["learned_last_day"] + timedelta(days=60) <= run["judged_first_day"]
    for name, score in (("", "churn_probability"), ("logistic_", "logistic_probability"), ("recency_", "recency_days")):
        assert run[f"{name}auc"] == pytest.approx(metrics.roc_auc_score(outcome, judged[score]), abs=1e-9)
        assert run[f"{name}average_precision"] == pytest.approx(
            metrics.average_precision_score(outcome, judged[score]), abs=1e-9
        )
    assert run["brier_score"] == pytest.approx(metrics.brier_score_loss(outcome, judged["churn_probability"]), abs=1e-9)
    assert run["auc"] > 0.85
    reasons = built.query(
        "select count(*), count(reason_1), count(distinct churn_decile) from gold.churn_predictions where churn_decile = 1 or reason_1 is null"
    )
    assert reasons[0][1] > 50


@pytest.mark.slow
def test_a_month_more_ends_in_the_tables_of_a_build_from_nothing(built: ProjectUnderTest, tmp_path: Path) -> None:
    """Transactions that come late, and one that comes twice with another amount, among them; then all again changes nothing."""
    project = built.copy(tmp_path)
    late = "customer_id % 7 = 0 and transaction_date between '2025-03-10' and '2025-04-02'"
    project.change(f"create table kept as select * from bronze.raw_transactions where {late}")
    project.change(f"delete from bronze.raw_transactions where {late}")
    assert project.dbt("run", "--selector", "customer_360_models", "--full-refresh").success
    generate_customers(project.project, GenerationRequest(as_of=date(2026, 7, 31)))
    generate_transactions(project.project)
    project.change("insert into bronze.raw_transactions select * replace (900 as batch_id) from kept")
    project.change(
        "insert into bronze.raw_transactions select * replace (901 as batch_id, 1.23 as transaction_amount) from kept limit 5"
    )
    assert project.dbt("build", "--selector", "customer_360_models").success
    first = figures(project)
    assert project.dbt("run", "--selector", "customer_360_models").success
    assert figures(project) == first
    assert project.query(
        "select count(*) from gold.fct_transactions where transaction_amount = 1.23 and batch_id = 901"
    ) == [(5,)]
    assert project.query("select count(*) > 20 from gold.dim_customer where version_number = 2") == [(True,)]
    assert project.query("select count(*) from gold.segment_telemetry") == [(10,)]
    project.change("drop table gold.fct_transactions; drop table gold.spend_days; drop table gold.customer_months")
    assert project.dbt("run", "--selector", "customer_360_models").success
    rebuilt = figures(project)
    for name in GOLD:
        assert rebuilt[name] == first[name], name


def test_the_report_has_its_charts_and_asks_no_network(built: ProjectUnderTest) -> None:
    text = (built.root / "target/customer_360/report.html").read_text(encoding="utf-8")
    assert text.count("<svg") == 11
    assert "src=" not in text
    assert "check_12_months_follow_each_other" in text


@pytest.mark.slow
def test_a_second_run_changes_nothing(built: ProjectUnderTest, tmp_path: Path) -> None:
    project = built.copy(tmp_path)
    before = figures(project)
    run = project.spark9("customer-360", "run-all")
    assert run.code == 0, run.text
    said = " ".join(run.text.split())
    assert "nothing new" in said
    assert "0 metrics changed" in said
    assert figures(project) == before


def test_dbt_unit_tests_pass(built: ProjectUnderTest, tmp_path: Path) -> None:
    project = built.copy(tmp_path)
    run = project.dbt(
        "test",
        "--select",
        "test_type:unit,areas/customer_360/models/customer_360",
        "--indirect-selection",
        "eager",
    )
    assert run.success, run.statuses
    assert len(run.statuses) == 4


@pytest.mark.slow
def test_of_several_exports_of_a_day_the_last_counts_and_an_older_one_is_refused(
    built: ProjectUnderTest, tmp_path: Path
) -> None:
    project = built.copy(tmp_path)

    def build() -> DbtRun:
        return project.dbt("build", "--select", "silver__customers", "silver__customer_versions", "gold__dim_customer")

    def versions(customer: int) -> list[tuple[object, ...]]:
        return project.query(
            f"select city, valid_to, is_current from gold.dim_customer where customer_id = {customer} order by valid_from"
        )

    [(city,)] = project.query("select city from silver.customers where customer_id = 7")
    for name in ("Albany", "Tampa"):
        project.change(f"update bronze.raw_customers set city = '{name}' where customer_id = '7'")
        assert build().success
        assert versions(7) == [(name, None, True)]
    later = LAST + timedelta(days=1)
    project.change(f"update bronze.raw_customers set exported_on = '{later}'")
    for name in ("Boise", "Reno"):
        project.change(f"update bronze.raw_customers set city = '{name}' where customer_id = '7'")
        assert build().success
        assert versions(7) == [("Tampa", later, False), (name, None, True)]
    assert city != "Reno"
    before = project.query("from silver.customer_versions order by all")
    project.change("update bronze.raw_customers set exported_on = '2099-12-31' where customer_id = '7'")
    assert build().statuses["silver_customers__exports_go_forward"] == "fail"
    assert project.query("from silver.customer_versions order by all") == before
    project.change(f"update bronze.raw_customers set exported_on = '{LAST}', city = 'Old' where customer_id = '7'")
    assert build().statuses["silver_customers__exports_go_forward"] == "fail"
    assert project.query("from silver.customer_versions order by all") == before


@pytest.mark.slow
def test_a_customer_who_is_there_twice_and_differently_is_told(built: ProjectUnderTest, tmp_path: Path) -> None:
    project = built.copy(tmp_path)
    check = "customers__rows_of_a_card_customer_agree"
    double = "insert into bronze.raw_customers select * from bronze.raw_customers where customer_id = '7'"
    project.change(double)
    assert project.dbt("test", "--select", check).statuses == {check: "pass"}
    project.change(double.replace("*", "* replace ('007' as customer_id, 'x@example.com' as email)"))
    assert project.dbt("build", "--select", "silver__customers").success
    assert project.dbt("test", "--select", check).statuses == {check: "warn"}
