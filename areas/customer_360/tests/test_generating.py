"""What is generated: the same rows from the same seed, in whatever pieces, and nothing twice."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from areas.customer_360.exchange import load_customers, upload_customers
from areas.customer_360.generating import generate_customers, generate_transactions
from areas.customer_360.plan import Batch, GenerationRequest
from areas.feeds.local_s3 import local_s3
from loader.errors import Spark9Error
from tests.support import BIN, ProjectUnderTest

ROWS = (
    "select transaction_id, customer_id, transaction_date, transaction_amount, merchant_name, merchant_category, channel, "
    "status from bronze.raw_transactions order by transaction_id"
)
SUMS = (
    "select count(*), count(distinct transaction_id), sum(transaction_id), sum(transaction_amount), min(status), "
    "count(distinct customer_id) from bronze.raw_transactions"
)
FIELDS = "select * exclude (ingested_at, ingestion_id, file_name, line_number) from bronze.raw_customers order by customer_id"


def generate(project: ProjectUnderTest, customers: int, until: date, **asked: Any) -> None:
    """Generate customers and transactions up to a day."""
    generate_customers(project.project, GenerationRequest(customers, as_of=until, **asked))
    generate_transactions(project.project)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_rows_in_whatever_pieces(plain: ProjectUnderTest, tmp_path: Path) -> None:
    one, other, different = (plain.copy(tmp_path / name) for name in ("one", "other", "different"))
    generate(one, 200, date(2026, 3, 31), months=3)
    for day in (date(2026, 4, 1), date(2026, 4, 17), date(2026, 5, 31)):
        generate_customers(one.project, GenerationRequest(as_of=day))
        generate_transactions(one.project)
    generate(other, 200, date(2026, 3, 31), months=3)
    generate_customers(other.project, GenerationRequest(as_of=date(2026, 5, 31)))
    generate_transactions(other.project, as_of=date(2026, 4, 9))
    generate_transactions(other.project)
    assert one.query(ROWS) == other.query(ROWS)
    assert one.query(FIELDS) == other.query(FIELDS)
    generate(different, 200, date(2026, 3, 31), months=3, seed=43)
    assert different.query(ROWS)[:500] != one.query(ROWS)[:500]
    [(new,)] = one.query("select count(*) from bronze.raw_customers where customer_id::int > 200")
    assert new in (2, 3)  # one of 125 in thirty days, at least one; the last of them may not have opened yet
    ids = one.query("select count(*), count(distinct transaction_id) from bronze.raw_transactions")
    assert ids[0][0] == ids[0][1] > 5000


def test_nothing_new_is_said_and_changes_nothing(project: ProjectUnderTest) -> None:
    generate(project, 50, date(2026, 6, 30), months=1)
    before = project.query(ROWS), project.query("select * from bronze.generation_telemetry order by all")
    for command, said in (("generate-customers", "already exist"), ("generate-transactions", "already exist")):
        run = project.spark9("customer-360", command)
        assert (run.code, said in run.text) == (0, True), run.text
    assert before == (project.query(ROWS), project.query("select * from bronze.generation_telemetry order by all"))


def test_a_batch_that_somebody_else_made_meanwhile_is_not_made_again(
    project: ProjectUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    generate(project, 50, date(2026, 6, 30), months=1)
    before = project.query(ROWS)
    made = [Batch(2, date(2026, 6, 1), date(2026, 6, 30))]
    monkeypatch.setattr("areas.customer_360.generating.missing_batches", lambda *_: made)
    generate_transactions(project.project)
    assert project.query(ROWS) == before
    assert project.query("select count(*) from bronze.generation_telemetry") == [(2,)]


def test_the_doctor_asks_for_no_files_of_what_was_generated(project: ProjectUnderTest) -> None:
    generate(project, 10, date(2026, 6, 30), months=1)
    assert "customer_360" not in project.spark9("doctor").text


def test_customers_move_and_are_closed_later(project: ProjectUnderTest) -> None:
    generate_customers(project.project, GenerationRequest(2000, as_of=date(2026, 3, 31), months=12))
    columns = "customer_id, city, card_type, credit_limit, account_closed_date"
    before = {row[0]: row[1:] for row in project.query(f"select {columns} from bronze.raw_customers")}
    generate_customers(project.project, GenerationRequest(as_of=date(2026, 9, 30)))
    after = {row[0]: row[1:] for row in project.query(f"select {columns} from bronze.raw_customers")}
    assert set(before) < set(after)
    for at in range(4):
        changed = sum(before[number][at] != after[number][at] for number in before)
        assert 0 < changed < 0.2 * len(before), columns.split(", ")[at + 1]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(("generate-customers", "--customer-count", "0"), 3, "error (generation-invalid)", id="nobody"),
        pytest.param(("generate-customers", "--customer-count", "-5"), 3, "error (generation-invalid)", id="fewer"),
        pytest.param(("generate-customers", "--customer-count", "9999999"), 3, "1 to 2,000,000", id="too many"),
        pytest.param(("generate-customers", "--months", "0"), 3, "error (generation-invalid)", id="no month"),
        pytest.param(("generate-customers", "--as-of", "soon"), 2, "does not match", id="no day"),
        pytest.param(("generate-transactions",), 3, "error (customers-missing)", id="no customers"),
        pytest.param(("run-dbt",), 3, "error (customers-missing)", id="nothing to build"),
        pytest.param(("train-churn",), 3, "error (gold-missing)", id="nothing to learn from"),
        pytest.param(("validate-data",), 3, "error (customers-missing)", id="nothing to look at"),
        pytest.param(("run-baseline-eda",), 3, "error (gold-missing)", id="nothing to keep"),
        pytest.param(("run-delta-analysis",), 3, "error (gold-missing)", id="nothing to compare"),
        pytest.param(("run-full-eda",), 3, "error (gold-missing)", id="nothing to report"),
        pytest.param(("upload-customers", "--bucket", ""), 3, "No bucket was given", id="no bucket"),
        pytest.param(("upload-customers", "--bucket", "b"), 3, "error (customers-missing)", id="nothing to upload"),
        pytest.param(("sing",), 2, "No such command", id="no such step"),
    ],
)
def test_what_can_not_be_is_refused(
    project: ProjectUnderTest, arguments: tuple[str, ...], code: int, said: str
) -> None:
    run = project.spark9("customer-360", *arguments)
    assert run.code == code, run.text
    assert said in run.text
    if project.database.is_file():
        for (table,) in project.query("select table_name from duckdb_tables() where schema_name = 'bronze'"):
            assert project.query(f"select count(*) from bronze.{table}") == [(0,)], table


def test_others_and_earlier_days_are_refused_unless_all_begins_anew(project: ProjectUnderTest) -> None:
    generate(project, 100, date(2026, 6, 30), months=1)
    before = project.query(ROWS)
    for arguments, error in (
        (("generate-customers", "--customer-count", "99"), "generated-otherwise"),
        (("generate-customers", "--seed", "7"), "generated-otherwise"),
        (("generate-customers", "--as-of", "2026-06-29"), "generated-later"),
        (("generate-transactions", "--as-of", "2026-07-01"), "customers-older"),
        (("generate-customers", "--fresh", "--customer-count", "0"), "generation-invalid"),
    ):
        run = project.spark9("customer-360", *arguments)
        assert (run.code, error in run.text) == (3, True), run.text
        assert project.query(ROWS) == before
    generate(project, 60, date(2026, 5, 31), months=1, fresh=True)
    assert project.query(
        "select count(distinct customer_id) <= 60, max(transaction_date) from bronze.raw_transactions"
    ) == [(True, date(2026, 5, 31))]


@pytest.fixture(scope="module")
def clean(plain: ProjectUnderTest, tmp_path_factory: pytest.TempPathFactory) -> ProjectUnderTest:
    """What comes of 3,000 customers when nothing goes wrong."""
    project = plain.copy(tmp_path_factory.mktemp("clean"))
    generate(project, 3000, date(2026, 6, 30))
    return project


@pytest.fixture
def begun(project: ProjectUnderTest) -> ProjectUnderTest:
    """The same customers, and no transactions yet."""
    generate_customers(project.project, GenerationRequest(3000, as_of=date(2026, 6, 30)))
    return project


@pytest.mark.slow
def test_a_run_that_is_killed_is_taken_up_where_it_stopped(clean: ProjectUnderTest, begun: ProjectUnderTest) -> None:
    for _ in range(3):
        process = subprocess.Popen([BIN / "spark9", "customer-360", "generate-transactions"], cwd=begun.root)
        time.sleep(random.uniform(0.5, 1.2))  # noqa: S311
        process.send_signal(signal.SIGKILL)
        process.wait()
    generate_transactions(begun.project)
    assert begun.query(SUMS) == clean.query(SUMS)
    batches = (
        "select first_day, last_day, records from bronze.generation_telemetry where kind = 'transactions' order by 1"
    )
    assert begun.query(batches) == clean.query(batches)


@pytest.mark.slow
def test_a_full_disk_is_said_and_what_is_missing_comes_later(clean: ProjectUnderTest, begun: ProjectUnderTest) -> None:
    # no file may grow over four million bytes
    command = f"ulimit -f 4000; trap '' XFSZ; exec {BIN / 'spark9'} customer-360 generate-transactions"
    done = subprocess.run(["bash", "-c", command], cwd=begun.root, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "error (disk-full)" in done.stderr, done.stderr
    generate_transactions(begun.project)
    assert begun.query(SUMS) == clean.query(SUMS)


@pytest.mark.slow
def test_customers_go_to_a_bucket_and_come_back_the_same(
    project: ProjectUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    generate(project, 300, date(2026, 6, 30), months=1)
    before = project.query(FIELDS)
    with local_s3({"other/x.csv": b"a\n"}, "my-bucket") as variables:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        done = upload_customers(project.project, "s3://my-bucket/")
        assert (done.location, done.records) == ("s3://my-bucket/customers/customers.csv", 300)
        loaded = load_customers(project.project, "my-bucket")
        assert (loaded.files, loaded.rows_loaded, loaded.rows_rejected) == (1, 300, 0)
        assert load_customers(project.project, "my-bucket").files == 0
        # an empty cell of a CSV file may be an empty text
        assert [tuple(cell or None for cell in row) for row in project.query(FIELDS)] == before
        assert project.query("select distinct file_name from bronze.raw_customers") == [("customers.csv",)]
        with pytest.raises(Spark9Error, match=r"can't be read"):
            upload_customers(project.project, "nobodys-bucket")
        with pytest.raises(Spark9Error):
            load_customers(project.project, "nobodys-bucket")
    assert project.query("select count(*) from bronze.raw_customers") == [(300,)]
