"""How many statements Snowflake gets: each costs 100 to 300 ms there, whatever it finds (docs/decisions/0044)."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from loader import ClientKey
from ops import audit_access
from tests.warehouses.snowflake.support import SnowflakeProject
from tests.written import meta_csv

MANY = [f"client_c{number}_meta_2024" for number in range(300)]
A_STATEMENT = 1_000_000


def sent(project: SnowflakeProject, action: Callable[[], object]) -> list[str]:
    """The statements of an action; what a block runs is not sent, and the second half of a PUT is the emulator's."""
    before = len(project.emulator.statements())
    action()
    statements = [entry["sql"] for entry in project.emulator.statements()[before:] if not entry["in_block"]]
    return [sql for sql in statements if not re.match(r"put 'file://[^/]", sql)]


def test_a_load_and_an_audit_send_few_statements(acme: SnowflakeProject) -> None:
    acme.load(acme.write("first.csv", meta_csv(2, day="2024-02-01")), 1)
    of_load = sent(acme, lambda: acme.load(acme.write("second.csv", meta_csv(2)), 2))
    assert len(of_load) <= 20, "\n".join(of_load)
    of_audit = sent(acme, lambda: audit_access(acme.project))
    assert len(of_audit) == 6, "\n".join(of_audit)


@pytest.mark.slow
def test_300_clients_share_statements_of_less_than_a_megabyte(acme: SnowflakeProject) -> None:
    macros = acme.project.macros
    named = [
        {"client_schema": schema, "staging": f"{schema}.raw_data_staging", "processed": f"{schema}.processed_campaign_data",
         "mapping": f"{schema}.wave_schema_mapping", "log": f"{schema}.processing_log"} for schema in MANY
    ]  # fmt: skip
    states = macros.call("build_states_sql", named)
    assert len(states) == 6
    assert max(map(len, states)) < A_STATEMENT
    asked: list[str] = []

    def run_query(sql: str) -> SimpleNamespace:
        asked.append(sql)
        tables = [{"schema": schema.upper(), "name": "RAW_DATA_STAGING"} for schema in MANY]
        return SimpleNamespace(rows=tables if "information_schema.tables" in sql and len(asked) == 1 else [])

    roles = [f"{schema}_{kind}" for schema in MANY for kind in ("role", "reader")]
    found = macros.asking(run_query).call("client_access_found", MANY, roles)
    assert len(found) == 300
    # the audit also chooses its role, lists the roles and goes back
    assert len(asked) + 3 <= 50
    assert max(map(len, asked)) < A_STATEMENT


@pytest.mark.parametrize("columns", [1500, 5000])
def test_a_wide_export_is_one_statement_of_less_than_a_megabyte_as_it_travels(
    acme: SnowflakeProject, columns: int
) -> None:
    kinds = [("decimal", "point"), ("integer", "plain"), ("percent", "point"), ("text", "text"), ("date", "iso"), ("decimal", "comma")]  # fmt: skip
    mapped = []
    for number in range(columns):
        column_type, value_format = kinds[number % len(kinds)]
        name = f"metric_number_{number}_of_a_wide_export"
        mapped.append(
            {
                "name": name, "ordinal": number + 1, "column_name": name.replace("_", " ").title(), "column_type": column_type,
                "value_format": value_format, "is_required": False, "default_value": None, "mapping_rule": "additional",
                "target_column": name, "is_key": False, "in_grain": False,
            }
        )  # fmt: skip
    groups = [{"load_ids": ["a" * 16], "columns": mapped}]
    statement = acme.project.macros.call("typed_rows_sql", "client_acme_meta_2024.raw_data_staging", groups, [])
    # the connector compresses what it sends, and Snowflake's limit is on that
    assert len(gzip.compress(statement.encode())) < A_STATEMENT / 3
    assert len(statement) < 1_800 * columns


@pytest.mark.slow
def test_a_build_of_a_new_wave_and_one_of_nothing_send_few_statements(snowflake: SnowflakeProject) -> None:
    def wave(number: int, *clients: ClientKey) -> None:
        for client in clients:
            snowflake.load(snowflake.write("a.csv", meta_csv(3, day=f"2024-0{number}-01")), number, client)

    def build() -> None:
        assert snowflake.dbt("build").success

    def rows() -> list[tuple[object, ...]]:
        return snowflake.query("select client, wave_number, row_count from marts.waves order by 1, 2")

    def look_for_uploads() -> None:
        assert snowflake.dbt_command("source", "freshness", env={"DBT_WRITE_JSON": "true"}).code == 0

    def build_fresher() -> None:
        shutil.copy(snowflake.root / "target" / "sources.json", state)
        look_for_uploads()
        assert snowflake.dbt("build", "--select", "source_status:fresher+", "--state", str(state)).success

    state = snowflake.root / "state"
    state.mkdir()
    clients = [snowflake.add(f"c{number}", "meta", 2024) for number in range(4)]
    wave(1, *clients)
    build()
    look_for_uploads()
    of_idle = sent(snowflake, build)
    assert len(of_idle) <= 66 + 33 * len(clients), "\n".join(of_idle)
    assert len(sent(snowflake, lambda: snowflake.spark9("build"))) + len(MANY) // 50 <= 20
    of_freshness = sent(snowflake, build_fresher)
    assert len(of_freshness) <= 20 + len(clients), "\n".join(of_freshness)
    assert 20 + len(MANY) <= 700
    wave(2, clients[1])
    build_fresher()
    assert rows() == [("c0", 1, 3), ("c1", 1, 3), ("c1", 2, 3), ("c2", 1, 3), ("c3", 1, 3)]
    wave(2, clients[3])
    of_wave = sent(snowflake, lambda: snowflake.spark9("build"))
    assert len(of_wave) <= 100, "\n".join(of_wave)
    assert rows()[-1] == ("c3", 2, 3)
    assert not [sql for sql in of_wave if re.match(r"comment on|alter table", sql)], "comments are written at night"
    assert audit_access(snowflake.project) == []
    assert not [entry for entry in snowflake.emulator.statements() if entry["error"]]
