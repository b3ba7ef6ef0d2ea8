"""Each check of customer 360 finds data that breaks its claim: the table says which."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks import Broken, holds, names_of_checks
from tests.support import ProjectUnderTest

TWICE = "insert into gold.dim_customer select * replace (customer_key + 500 as customer_key) from gold.dim_customer where customer_id = 7"
FACT = "gold.fct_transactions"

BROKEN = {
    "check_01_row_count_in_range": Broken("delete from bronze.raw_transactions where customer_id % 4 > 0"),
    "check_02_transaction_ids_are_unique": Broken("insert into bronze.raw_transactions select * from bronze.raw_transactions limit 1"),
    "check_03_eight_fields_are_filled": Broken("update bronze.raw_transactions set merchant_name = '' where transaction_id = (select max(transaction_id) from bronze.raw_transactions)"),
    "check_04_every_customer_has_transactions": Broken("delete from bronze.raw_transactions where customer_id = 7"),
    "check_05_every_transaction_has_a_customer": Broken("update bronze.raw_transactions set customer_id = 99999 where transaction_id = (select max(transaction_id) from bronze.raw_transactions)"),
    "check_06_history_has_its_months": Broken("delete from bronze.raw_transactions where transaction_date < '2025-03-01'"),
    "check_07_amounts_are_positive_and_under_10000": Broken("update bronze.raw_transactions set transaction_amount = 10000 where transaction_id = (select max(transaction_id) from bronze.raw_transactions)"),
    "check_08_about_97_percent_are_approved": Broken("update bronze.raw_transactions set status = 'declined' where customer_id % 10 = 0"),
    "check_09_channels_are_known": Broken("update bronze.raw_transactions set channel = 'Phone' where transaction_id = (select max(transaction_id) from bronze.raw_transactions)"),
    "check_10_merchant_categories_are_known": Broken("update bronze.raw_transactions set merchant_category = 'Grocery' where transaction_id = (select max(transaction_id) from bronze.raw_transactions)"),
    "check_11_segments_spend_as_they_should": Broken("update silver.customers set customer_segment = case customer_segment when 'Budget-Conscious' then 'High-Value Travelers' when 'High-Value Travelers' then 'Budget-Conscious' else customer_segment end"),
    "check_12_months_follow_each_other": Broken("update bronze.raw_transactions set transaction_amount = transaction_amount * 0.3 where transaction_date between '2025-05-01' and '2025-05-31'"),
    "churn_features__one_row_each": Broken("insert into gold.customer_blocks select * from gold.customer_blocks where customer_id = 7", {"gold__churn_features": "gold.churn_features"}),
    "churn_model_runs__one_row_a_model": Broken("insert into gold.churn_model_runs select * from gold.churn_model_runs limit 1"),
    "churn_predictions__one_row_a_customer": Broken("insert into gold.churn_scores select * from gold.churn_scores where split = 'current' limit 1", {"gold__churn_predictions": "gold.churn_predictions"}),
    "customer_360_profile__one_row_a_customer": Broken(TWICE, {"gold__customer_360_profile": "gold.customer_360_profile"}),
    "customer_months__agree_with_transactions": Broken("delete from gold.customer_months where customer_id = 7"),
    "customer_months__one_row_each": Broken("insert into gold.customer_months select * from gold.customer_months limit 1"),
    "customer_segments__one_row_a_customer": Broken(TWICE, {"gold__customer_segments": "gold.customer_segments"}),
    "customers__rows_of_a_card_customer_agree": Broken("insert into bronze.raw_customers select * replace ('1' as credit_limit) from bronze.raw_customers where customer_id = '7'"),
    "dim_customer__one_row_a_version": Broken("insert into silver.customer_versions select * replace (null as customer_id) from silver.customer_versions limit 1", {"gold__dim_customer": "gold.dim_customer"}),
    "dim_customer__versions_follow_each_other": Broken(TWICE),
    "fct_transactions__has_every_batch": Broken("insert into bronze.raw_transactions select * replace (900 as batch_id, -1 as transaction_id) from bronze.raw_transactions limit 1"),
    "fct_transactions__has_every_transaction": Broken(f"delete from {FACT} where customer_id = 7"),
    "fct_transactions__have_their_version": Broken(f"update {FACT} set customer_key = -1 where customer_id = 7"),
    "gold_dim_customer__has_every_customer": Broken("delete from gold.dim_customer where customer_id = 7"),
    "metric_avg_transaction_value__one_row_each": Broken("update gold.spend_days set channel = null where channel = 'Online'", {"gold__metric_avg_transaction_value": "gold.metric_avg_transaction_value"}),
    "metric_customer_ltv__one_row_a_customer": Broken(TWICE, {"gold__metric_customer_ltv": "gold.metric_customer_ltv"}),
    "metric_mom_spend_change__one_row_each": Broken("update gold.customer_months set month_start = null where customer_id = 7", {"gold__metric_mom_spend_change": "gold.metric_mom_spend_change"}),
    "silver_customers__exports_go_forward": Broken("update silver.customers set exported_on = exported_on - 1"),
    "silver_customers__has_every_customer": Broken("update bronze.raw_customers set customer_id = 'c7' where customer_id = '7'", {"silver__customers": "silver.customers"}),
    "silver_customers__have_their_days": Broken("update bronze.raw_customers set account_open_date = '2024-02-30' where customer_id = '7'", {"silver__customers": "silver.customers"}),
    "spend_days__agree_with_transactions": Broken(f"delete from {FACT} where customer_id = 7"),
}  # fmt: skip
ALSO_BROKEN = [
    ("check_06_history_has_its_months", "delete from bronze.raw_transactions where transaction_date = '2025-08-08'"),
    ("check_07_amounts_are_positive_and_under_10000", "update bronze.raw_transactions set transaction_amount = -1 where transaction_id = (select max(transaction_id) from bronze.raw_transactions)"),
    ("check_08_about_97_percent_are_approved", "update bronze.raw_transactions set status = 'pending' where transaction_id = (select max(transaction_id) from bronze.raw_transactions)"),
    ("check_10_merchant_categories_are_known", "delete from bronze.raw_transactions where merchant_category = 'Education'"),
]  # fmt: skip


# what these ask is decided by the tables when dbt compiles them
COMPILED_LATE = {"fct_transactions__has_every_batch", "silver_customers__exports_go_forward"}


@pytest.mark.slow
def test_the_table_has_every_check(built: ProjectUnderTest) -> None:
    assert names_of_checks(built, ["--selector", "customer_360"]) == set(BROKEN)


@pytest.mark.parametrize(
    ("check", "broken"),
    [
        *((check, broken) for check, broken in BROKEN.items() if check not in COMPILED_LATE),
        *((check, Broken(damage)) for check, damage in ALSO_BROKEN),
    ],
)
def test_each_check_fails_on_data_broken_for_it(built: ProjectUnderTest, check: str, broken: Broken) -> None:
    assert holds(built, check)
    assert not holds(built, check, broken)


def test_checks_that_are_compiled_late_fail_on_data_broken_for_them(built: ProjectUnderTest, tmp_path: Path) -> None:
    project = built.copy(tmp_path)
    command = ["test", "--select", *COMPILED_LATE]
    assert set(project.dbt(*command).statuses.values()) == {"pass"}
    for check in COMPILED_LATE:
        project.change(BROKEN[check].damage)
    assert project.dbt(*command).statuses == dict.fromkeys(COMPILED_LATE, "fail")
