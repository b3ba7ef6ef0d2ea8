"""The checks of the probe, as data: who, which statements, what must come out, and what to do if it does not."""

from __future__ import annotations

from ops.probe import attempts
from ops.probe.model import Check, Step

_ANACONDA = (
    "Have an organization administrator accept Anaconda's terms (Admin, Billing & Terms), and see that Python 3.11 "
    "is offered: docs/snowflake.md."
)
_COUNT = "select count(*) from <name>.probe.counted"
_FRAME = """with <name>_frame as procedure () returns string language python runtime_version = '3.11'
packages = ('snowflake-snowpark-python', 'pandas') handler = 'main' execute as caller as
$$
import pandas

def main(session):
    session.use_database("<name>")
    session.use_schema("probe")
    frame = session.createDataFrame(pandas.DataFrame({"SPLIT": ["judged"], "SCORE": [0.5]}))
    frame.write.mode("overwrite").save_as_table("<name>.probe.framed", table_type="transient")
    return "done"
$$
call <name>_frame()"""

CHECKS = (
    Check(
        "set-up",
        "owner",
        "Run it as a user with the role accountadmin; `dbt run-operation setup_account` shows its SQL with dry_run.",
        attempt=attempts.try_set_up,
        prepares=True,
        needs="",
    ),
    Check(
        "sign-in without secondary roles",
        "each",
        "Users need default_secondary_roles = () and a key (docs/snowflake.md), and no network policy against them.",
        attempt=attempts.try_sign_in,
    ),
    Check(
        "a schema for the checks",
        "admin",
        "The admin's role must be able to make schemas: run setup_account, and compare functional_grants_ddl.",
        (
            Step("create schema if not exists <name>.probe with managed access"),
            Step("create or replace table <name>.probe.counted (number integer)"),
            Step(
                "grant usage, create table, create stage, create file format on schema <name>.probe "
                "to role <transformer>"
            ),
            Step("grant usage on schema <name>.probe to role <analyst>"),
            Step("grant select, insert, update, delete on table <name>.probe.counted to role <transformer>"),
        ),
        prepares=True,
    ),
    Check(
        "a rollback takes DML back",
        "transformer",
        "No load would be atomic. Stop here, and report it with the account's region and edition.",
        (Step("begin"), Step("insert into <name>.probe.counted values (1)"), Step("rollback"), Step(_COUNT, [(0,)])),
        needs="a schema for the checks",
    ),
    Check(
        "DDL commits a transaction",
        "transformer",
        "Snowflake's documentation says that it does. Nothing of the project rests on it; report it.",
        (
            Step("begin"),
            Step("insert into <name>.probe.counted values (1)"),
            Step("create or replace table <name>.probe.made (number integer)"),
            Step("rollback"),
            Step(_COUNT, [(1,)]),
            Step("delete from <name>.probe.counted"),
        ),
        needs="a schema for the checks",
    ),
    Check(
        "future grants count at a table's first creation",
        "admin",
        "Readers would not see new tables. Do not set copy_grants (docs/decisions/0042); report it.",
        (
            Step("grant select on future tables in schema <name>.probe to role <analyst>"),
            Step("create or replace transient table <name>.probe.first as (select 1 as number)", job="transformer"),
            Step("select number from <name>.probe.first", [(1,)], job="analyst"),
            Step("create or replace transient table <name>.probe.first as (select 2 as number)", job="transformer"),
            Step("select number from <name>.probe.first", [(2,)], job="analyst"),
        ),
        needs="a schema for the checks",
    ),
    Check(
        "a role without a grant is refused",
        "analyst",
        "The analyst's role has privileges that no grant of the project gives: show grants to role <analyst>.",
        (Step("insert into <name>.probe.counted values (1)", fails=" "),),
        needs="a schema for the checks",
    ),
    Check(
        "a masked column",
        "admin",
        "Set vars: snowflake.edition to standard where the account has no masking policies.",
        (
            Step("create or replace table <name>.probe.people (mail varchar)"),
            Step("grant select on table <name>.probe.people to role <analyst>"),
            Step("insert into <name>.probe.people values ('ann@example.com')"),
            Step(
                "create masking policy if not exists <name>.probe.personal as (shown varchar) returns varchar -> "
                "case when is_role_in_session('<ADMIN>') then shown else '***' end"
            ),
            Step("alter table <name>.probe.people modify column mail set masking policy <name>.probe.personal force"),
            Step("select mail from <name>.probe.people", [("***",)], job="analyst"),
            Step("select mail from <name>.probe.people", [("ann@example.com",)]),
        ),
        needs="a schema for the checks",
        lacks=("Unsupported feature",),
    ),
    Check(
        "a share of a secure view",
        "owner",
        "Sharing needs the privilege CREATE SHARE, and an account that may share (not every trial account may).",
        (
            Step("create or replace secure view <name>.probe.shown as (select number from <name>.probe.counted)"),
            Step("create share if not exists <share>"),
            Step("grant usage on database <name> to share <share>"),
            Step("grant usage on schema <name>.probe to share <share>"),
            Step("grant select on view <name>.probe.shown to share <share>"),
            Step("drop share <share>"),
        ),
        needs="a schema for the checks",
        lacks=("Unsupported feature",),
    ),
    Check(
        "a frame of Python becomes a table",
        "transformer",
        _ANACONDA,
        (
            Step("use schema <name>.probe"),
            Step(_FRAME),
            Step("select split, score from <name>.probe.framed", [("judged", 0.5)]),
        ),
        needs="a schema for the checks",
        lacks=("Unsupported feature",),
    ),
    Check(
        "ALTER SESSION in a transaction",
        "transformer",
        "Report it.",
        attempt=attempts.try_alter_session,
        needs="a schema for the checks",
    ),
    Check(
        "a block rolls back and raises",
        "transformer",
        "dbt's hooks would commit half of what they do. Report it: in_client_transaction needs another form.",
        attempt=attempts.try_block,
        needs="a schema for the checks",
    ),
    Check(
        "numbers are read as on DuckDB",
        "transformer",
        "Do not load files with these forms; report them.",
        attempt=attempts.try_numbers,
    ),
    Check(
        "days are read as on DuckDB",
        "transformer",
        "Do not load files with these forms; report them.",
        attempt=attempts.try_days,
    ),
    Check(
        "client add",
        "admin",
        "Compare functional_grants_ddl and client_grants with the error.",
        attempt=attempts.try_client_add,
        prepares=True,
    ),
    Check(
        "COPY",
        "loader",
        "Do not load before this is solved: rows could count twice or be lost. Report it.",
        attempt=attempts.try_copy,
        needs="client add",
    ),
    Check(
        "a client's lock",
        "loader",
        "Do not run two loads of a client at once before this is solved. Report it.",
        attempt=attempts.try_locks,
        needs="client add",
    ),
    Check(
        "load",
        "loader",
        "docs/snowflake.md, 'When something goes wrong'.",
        attempt=attempts.try_load,
        prepares=True,
        needs="client add",
    ),
    Check(
        "build",
        "transformer",
        "The model or statement is named; report it.",
        attempt=attempts.try_build,
        prepares=True,
        needs="load",
    ),
    Check(
        "build again",
        "transformer",
        "The loader's role asks the marts what is stale, and needs select on them (shared_schemas_ddl).",
        attempt=attempts.try_build_again,
        needs="build",
    ),
    Check(
        "readers see what was built",
        "each",
        "A reader's select comes from the schema's future grants: do not set copy_grants (docs/decisions/0042).",
        attempt=attempts.try_readers,
        needs="build",
    ),
    Check(
        "verify", "loader", "`spark9 verify` says what differs; report it.", attempt=attempts.try_verify, needs="build"
    ),
    Check(
        "audit",
        "admin",
        "`spark9 audit` names the grant, and the statement that mends it.",
        attempt=attempts.try_audit,
        needs="client add",
    ),
    Check(
        "only DML between begin and commit",
        "each",
        "A load could be committed in half (docs/decisions/0041). Report the statement.",
        attempt=attempts.try_only_dml,
        needs="load",
    ),
    Check(
        "every model compiles",
        "transformer",
        "The model is named; report it.",
        attempt=attempts.try_explain,
        needs="build",
    ),
    Check(
        "no statement is recursive",
        "each",
        "Snowflake stops at 100 rounds (error 100189). Report the statement.",
        attempt=attempts.try_no_recursion,
        needs="load",
    ),
    Check(
        "procedures, streams and tasks are made",
        "owner",
        "`dbt run-operation deploy_native` prints the statements. Builds can start from outside instead.",
        attempt=attempts.try_native,
        needs="client add",
        prepares=True,
    ),
    Check(
        "a procedure onboards a client",
        "admin",
        "Use `spark9 client add`, and report the error.",
        (
            Step("call <name>.native.create_client_platform_schema('<name>', 'linkedin', 2024)"),
            Step("select count(*) from client_<name>_linkedin_2024.raw_data_staging", [(0,)]),
            Step(
                "call <name>.native.create_client_platform_schema('no name', 'linkedin', 2024)",
                fails="not a valid name",
            ),
        ),
        needs="procedures, streams and tasks are made",
    ),
    Check(
        "a procedure marks a wave for reprocessing",
        "loader",
        "Use `spark9 reprocess`, and report the error.",
        (
            Step("call <name>.native.process_wave_data('client_<name>_meta_2024', 1)"),
            Step("select count(*) from <name>.native.build_requests", [(1,)], job="admin"),
            Step("select count(*) from client_<name>_meta_2024.raw_data_staging where not processed_flag", [(3,)]),
            Step("call <name>.native.process_wave_data('no_client', 1)", fails="no active client"),
        ),
        needs="procedures, streams and tasks are made",
    ),
    Check(
        "each graph of tasks has a project object of its own",
        "owner",
        "Several EXECUTE DBT PROJECT at once on one object are not supported (docs/decisions/0043).",
        attempt=attempts.try_graphs,
        needs="procedures, streams and tasks are made",
    ),
    Check(
        "one and two EXECUTE DBT PROJECT",
        "admin",
        "Let dbt run outside of Snowflake, or ask for dbt Projects on Snowflake in the account's region.",
        attempt=attempts.try_dbt_projects,
        needs="procedures, streams and tasks are made",
        lacks=("Unsupported feature", "unexpected 'dbt'"),
    ),
)
