"""`spark9 doctor` finds what is wrong with an account."""

from __future__ import annotations

import pytest

from tests.warehouses.snowflake.support import SnowflakeProject

pytestmark = pytest.mark.slow


def test_doctor_finds_everything_in_order(acme: SnowflakeProject) -> None:
    done = acme.spark9("doctor")
    assert done.code == 0, done.text
    for line in ("role of spark9: SPARK9_LOADER", "warehouse of dbt: TRANSFORMING_WH", "stage @client_acme_meta_2024."):
        assert line in done.text
    assert acme.query("list @client_acme_meta_2024.client_acme_meta_2024_stage") == []


@pytest.mark.parametrize(
    ("statement", "env", "said"),
    [
        ("drop role spark9_loader", {}, "Role 'SPARK9_LOADER' does not exist"),
        (
            "revoke write on stage client_acme_meta_2024.client_acme_meta_2024_stage from role spark9_loader",
            {},
            "has no WRITE on STAGE",
        ),
        ("drop table client_acme_meta_2024.naming_keys", {}, "no table naming_keys"),
        (
            "create user all_roles; grant role spark9_loader to user all_roles; grant role spark9_transformer to user all_roles",
            {"SNOWFLAKE_USER": "all_roles"},
            "SPARK9_LOADER,SPARK9_TRANSFORMER count too, whatever the role",
        ),
        ("select 1", {"SNOWFLAKE_PORT": "1"}, "Snowflake can't be reached"),
        ("select 1", {"SNOWFLAKE_PRIVATE_KEY_PATH": "/nowhere/key.p8"}, "/nowhere/key.p8 does not exist"),
    ],
)
def test_doctor_says_what_to_mend(acme: SnowflakeProject, statement: str, env: dict[str, str], said: str) -> None:
    for one in statement.split(";"):
        acme.change(one)
    done = acme.spark9_alone("doctor", **env)
    assert done.code == 1, done.text
    assert said in done.text
    assert "Traceback" not in done.text
    assert "bug in spark9" not in done.text


def test_doctor_works_on_duckdb_too(empty_account: SnowflakeProject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPARK9_TARGET", "dev")
    assert empty_account.spark9("client", "add", "acme", "meta", "2024").code == 0
    assert empty_account.spark9("doctor").code == 0
    (empty_account.root / "seeds" / "clients.csv").write_text(
        "client_schema,client,platform,year,status,added_on\n", encoding="utf-8"
    )
    done = empty_account.spark9("doctor")
    assert done.code == 1
    assert "spark9 client check --fix" in done.text
