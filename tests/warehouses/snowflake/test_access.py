"""No client's data meets another's: roles, grants, and the audit that compares them with the registry."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from snowflake.connector.errors import DatabaseError, ProgrammingError

from loader import (
    archive_client_schema,
    client_schema,
    drop_client_schema,
    grant_schema_access,
    list_schema_access,
    revoke_schema_access,
)
from loader.errors import WarehouseRefusedError, WaveRefusedError
from ops import audit_access
from tests.support import witnesses
from tests.warehouses.snowflake.support import Accounts, SnowflakeProject
from tests.written import meta_csv

DATABASE = "SPARK_NO9_MAIN"
CLIENTS = [
    client_schema("acme", "meta", 2024),
    client_schema("ac_me", "meta", 2024),
    client_schema("acme", "meta", 2025),
]


@pytest.fixture(scope="module")
def three(accounts: Accounts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SnowflakeProject]:
    """Three clients with a wave each, built; one for the tests that only look."""
    with accounts.of_module(tmp_path_factory.mktemp("three")) as project:
        for number, client in enumerate(CLIENTS):
            project.add(client.client, client.platform, client.year)
            project.load(project.write(f"{number}.csv", meta_csv(3 + number)), 1, client)
        needed = ("--select", "+waves", "+campaign_performance", "--exclude", "resource_type:test")
        assert project.dbt("build", *needed).success
        yield project


def privileges(project: SnowflakeProject, role: str) -> list[tuple[str, str, str]]:
    """Privilege, kind and object of each grant of a role, inherited ones too, as SHOW GRANTS tells them."""
    found, roles = [], [role]
    for known in roles:
        for privilege, kind, name, *_ in project.query(f"show grants to role {known}"):
            if kind == "ROLE":
                roles.append(name)
            else:
                found.append((privilege, kind, name))
        found += [
            (privilege, kind, name)
            for privilege, kind, name, *_ in project.query(f"show future grants to role {known}")
        ]
    return found


@pytest.mark.slow
def test_no_client_role_has_any_privilege_on_another_client(three: SnowflakeProject) -> None:
    for client, access in itertools.product(CLIENTS, ("role", "reader")):
        own = f"{DATABASE}.{client.name.upper()}"
        for privilege, kind, name in privileges(three, f"{client.name}_{access}"):
            inside = name == own or name.startswith(f"{own}.")
            shared = (privilege, kind, name) in (("USAGE", "DATABASE", DATABASE), ("USAGE", "WAREHOUSE", "BI_WH"))
            assert inside or shared, f"{client.name}_{access} has {privilege} on {kind} {name}"
        held = {(kind, name) for _, kind, name in privileges(three, f"{client.name}_{access}")}
        assert ("TABLE", f"{own}.PROCESSED_CAMPAIGN_DATA") in held, "future grants did not reach dbt's table"


@pytest.mark.slow
def test_a_client_role_reads_its_own_rows_and_is_refused_everywhere_else(three: SnowflakeProject) -> None:
    def refused(sql: str, role: str) -> None:
        with pytest.raises(ProgrammingError, match="has no"):
            three.query(sql, role)

    for client, access in itertools.product(CLIENTS, ("role", "reader")):
        role = f"{client.name}_{access}"
        assert three.query(f"select count(*) from {client.name}.processed_campaign_data", role) == [
            (3 + CLIENTS.index(client),)
        ]
        refused("select * from marts.campaign_performance", role)
        refused("select * from registry.clients", role)
        for other in CLIENTS:
            if other != client:
                refused(f"select * from {other.name}.processed_campaign_data", role)
                refused(f"select * from {other.name}.raw_data_staging", role)
                refused(f"list @{other.name}.{other.name}_stage", role)
                refused(f"remove @{other.name}.{other.name}_stage", role)
    refused(f"delete from {CLIENTS[0].name}.raw_data_staging", f"{CLIENTS[0].name}_reader")
    refused(f"select * from {CLIENTS[0].name}.raw_data_staging", "spark9_analyst")
    assert three.query("select count(*) from marts.waves", "spark9_analyst") == [(3,)]


@pytest.mark.slow
def test_the_audit_finds_nothing_after_loads_and_builds(three: SnowflakeProject) -> None:
    assert audit_access(three.project) == []
    done = three.spark9("audit")
    assert (done.code, done.text) == (0, "Roles and grants match the registry.")


@pytest.mark.parametrize(
    ("statement", "problem"),
    witnesses(
        [
            (
                "grant delete on table client_acme_meta_2024.raw_data_staging to role client_acme_meta_2024_reader",
                "client_acme_meta_2024_reader has delete on table spark_no9_main.client_acme_meta_2024.raw_data_staging",
            ),
            (
                "revoke select on future tables in schema client_acme_meta_2024 from role client_acme_meta_2024_reader",
                "client_acme_meta_2024_reader lacks select on future table spark_no9_main.client_acme_meta_2024.<table>",
            ),
            (
                "revoke usage on schema client_acme_meta_2024 from role spark9_loader",
                "spark9_loader lacks usage on schema spark_no9_main.client_acme_meta_2024",
            ),
            (
                "grant select on table client_acme_meta_2024.naming_keys to role spark9_analyst",
                "spark9_analyst has select on table spark_no9_main.client_acme_meta_2024.naming_keys",
            ),
            (
                "grant role client_acme_meta_2024_role to user u",
                "user U has the role client_acme_meta_2024_role, which is not in the registry",
            ),
            (
                "drop role client_acme_meta_2024_reader",
                "its schema or one of its roles does not exist",
            ),
        ]
    ),
)
def test_the_audit_names_each_difference_and_what_mends_it(
    acme: SnowflakeProject, statement: str, problem: str
) -> None:
    acme.change(statement)
    found = audit_access(acme.project)
    assert [difference.client_schema for difference in found] == ["client_acme_meta_2024"]
    assert problem in found[0].problem
    assert found[0].remedy
    done = acme.spark9("audit")
    assert done.code == 1
    assert problem in done.text
    if found[0].remedy.startswith("spark9"):
        assert acme.spark9(*found[0].remedy.split()[1:]).code == 0
    else:
        acme.change(found[0].remedy)
    assert audit_access(acme.project) == []


@pytest.mark.slow
def test_the_audit_finds_a_role_that_sees_two_clients(snowflake: SnowflakeProject) -> None:
    for client in CLIENTS[:2]:
        snowflake.add(client.client, client.platform, client.year)
    snowflake.change("create role snoop")
    snowflake.change(f"grant usage on schema {CLIENTS[0].name} to role snoop")
    snowflake.change(f"grant role {CLIENTS[1].name}_reader to role snoop")
    problems = [difference.problem for difference in audit_access(snowflake.project)]
    assert "the role snoop can see 2 clients" in problems
    assert len(problems) == 3
    done = snowflake.dbt_command("run-operation", "audit_client_access")
    assert done.code == 1
    assert "the role snoop can see 2 clients" in done.text
    assert "3 differences between registry and warehouse" in done.text


def test_people_get_their_role_and_lose_it(acme: SnowflakeProject) -> None:
    client = client_schema("acme", "meta", 2024)
    acme.change('create user "ANN@EXAMPLE.COM"')

    def members() -> set[str]:
        return {
            role
            for role in ("client_acme_meta_2024_role", "client_acme_meta_2024_reader")
            for _, kind, name in acme.query(f"show grants of role {role}")
            if (kind, name) == ("USER", "ANN@EXAMPLE.COM")
        }

    assert grant_schema_access(acme.project, client, "ann@example.com", "reader")
    assert members() == {"client_acme_meta_2024_reader"}
    assert not grant_schema_access(acme.project, client, "ann@example.com", "reader")
    assert grant_schema_access(acme.project, client, "ann@example.com", "owner")
    assert members() == {"client_acme_meta_2024_role"}
    assert audit_access(acme.project) == []
    assert revoke_schema_access(acme.project, client, "ann@example.com")
    assert members() == set()
    assert audit_access(acme.project) == []


@pytest.mark.slow
def test_a_person_who_is_no_user_gets_no_entry_in_the_registry(acme: SnowflakeProject) -> None:
    client = client_schema("acme", "meta", 2024)
    with pytest.raises(WarehouseRefusedError, match="Have an administrator create the user"):
        grant_schema_access(acme.project, client, "bob@example.com", "owner")
    assert list_schema_access(acme.project, client) == []


@pytest.mark.slow
def test_onboarding_goes_on_without_a_person_who_is_no_user(snowflake: SnowflakeProject) -> None:
    snowflake.change('create user "ANN@EXAMPLE.COM"')
    people = ("--grant", "ann@example.com", "--grant", "bob@example.com")
    done = snowflake.spark9("client", "add", "acme", "meta", "2024", *people)
    assert done.code == 0, done.text
    assert "created, added to the registry, granted to ann@example.com bob@example.com is not a user" in done.text
    client = client_schema("acme", "meta", 2024)
    assert [row.user_name for row in list_schema_access(snowflake.project, client)] == ["ann@example.com"]
    assert audit_access(snowflake.project) == []
    lost = snowflake.spark9_alone("client", "add", "acme", "meta", "2024", *people, SNOWFLAKE_PORT="1")
    assert lost.code == 1
    assert "can't be reached" in lost.text
    assert "is not a user" not in lost.text


@pytest.mark.slow
def test_an_archived_client_is_closed_to_its_people_and_opens_again(acme: SnowflakeProject) -> None:
    client = client_schema("acme", "meta", 2024)
    reader = "client_acme_meta_2024_reader"
    assert acme.query("select count(*) from client_acme_meta_2024.raw_data_staging", reader) == [(0,)]
    archive_client_schema(acme.project, client)
    with pytest.raises(ProgrammingError, match="has no USAGE"):
        acme.query("select count(*) from client_acme_meta_2024.raw_data_staging", reader)
    assert audit_access(acme.project) == []
    acme.add("acme", "meta", 2024)
    assert acme.query("select count(*) from client_acme_meta_2024.raw_data_staging", reader) == [(0,)]
    assert audit_access(acme.project) == []


def test_a_dropped_client_leaves_no_role_and_no_grant(acme: SnowflakeProject) -> None:
    drop_client_schema(acme.project, client_schema("acme", "meta", 2024))
    roles = {name for (name,) in acme.query("show roles")}
    assert not [role for role in roles if "ACME" in role]
    assert acme.query("select count(*) from information_schema.schemata where schema_name ilike 'client_acme%'") == [
        (0,)
    ]
    assert not [grant for grant in privileges(acme, "spark9_loader") if "ACME" in grant[2]]
    assert audit_access(acme.project) == []


@pytest.mark.slow
def test_a_developer_builds_from_productions_raw_rows_in_schemas_of_the_developers_own(
    acme: SnowflakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    assert acme.dbt("build").success
    raw = "select * exclude (raw_data) from client_acme_meta_2024.raw_data_staging order by row_number"
    log = "select * from client_acme_meta_2024.processing_log order by processing_timestamp, processing_stage"
    before = acme.query(raw), acme.query(log)
    monkeypatch.setenv("SPARK9_TARGET", "snowflake_dev")
    monkeypatch.setenv("DBT_USER", "sean")
    developer = SnowflakeProject(acme.root, acme.emulator)
    assert developer.dbt("build").success
    schemas = {name for (name,) in developer.query("select schema_name from information_schema.schemata")}
    assert {"SEAN_CLIENT_ACME_META_2024", "SEAN_MARTS", "SEAN_REGISTRY"} <= schemas
    assert not [role for (role,) in developer.query("show roles") if "SEAN" in role]
    assert developer.query("select sum(row_count) from sean_marts.waves") == [(3,)]
    assert (acme.query(raw), acme.query(log)) == before
    with pytest.raises(WaveRefusedError, match="does not change them"):
        developer.load(developer.write("b.csv", meta_csv(3)), 2)
    tags = {
        entry["query_tag"] for entry in developer.emulator.statements() if "processed_campaign_data" in entry["sql"]
    }
    assert any('"target": "snowflake_dev"' in tag for tag in tags)


@pytest.mark.slow
def test_loads_builds_and_onboarding_have_a_user_each_who_can_do_nothing_else(
    snowflake: SnowflakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SNOWFLAKE_USER", "spark9_transformer_service")
    monkeypatch.setenv("SNOWFLAKE_LOADER_USER", "spark9_loader_service")
    refused = snowflake.spark9("client", "add", "acme", "meta", "2024")
    assert refused.code == 1
    assert "'SPARK9_ADMIN' is not assigned to the executing user" in refused.text
    assert "docs/snowflake.md, 'Users'" in refused.text
    with monkeypatch.context() as admin:
        admin.setenv("SNOWFLAKE_LOADER_USER", "spark9_admin_service")
        assert snowflake.spark9("client", "add", "acme", "meta", "2024").code == 0
        assert snowflake.spark9("audit").code == 0
    project = SnowflakeProject(snowflake.root, snowflake.emulator)
    project.load(project.write("a.csv", meta_csv(3)), 1)
    assert project.dbt("build", "--select", "clients.client_acme_meta_2024").success
    used = {(entry["user"], entry["role"]) for entry in snowflake.emulator.statements() if "campaign" in entry["sql"]}
    assert {user for user, _ in used} == {"SPARK9_TRANSFORMER_SERVICE"}
    for user, role, sql in (
        ("spark9_loader_service", "spark9_loader", "drop table client_acme_meta_2024.processed_campaign_data"),
        ("spark9_loader_service", "spark9_loader", "create table client_acme_meta_2024.mine (a int)"),
        ("spark9_transformer_service", "spark9_transformer", "list @client_acme_meta_2024.client_acme_meta_2024_stage"),
    ):
        with snowflake.emulator.connect(role, user=user) as connection, pytest.raises(ProgrammingError, match="has no"):
            connection.cursor().execute(sql)
    for user in ("spark9_loader_service", "spark9_transformer_service"):
        with pytest.raises(DatabaseError, match="is not assigned"):
            snowflake.emulator.connect("spark9_admin", user=user)
