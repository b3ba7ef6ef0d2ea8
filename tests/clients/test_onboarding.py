"""Clients come, stay, are archived and go."""

from __future__ import annotations

import pytest

from loader import client_schema
from loader.errors import ClientUnknownError
from tests.support import SCHEMA, ProjectUnderTest
from tests.written import meta_csv

LOADER_TABLES = [
    "column_rules", "naming_keys", "open_questions", "processing_log", "raw_data_staging", "wave_schema_mapping",
]  # fmt: skip


def tables(project: ProjectUnderTest, schema: str = SCHEMA) -> list[str]:
    rows = project.query(f"select table_name from duckdb_tables() where schema_name = '{schema}' order by 1")
    return [name for (name,) in rows]


def registry(project: ProjectUnderTest) -> list[str]:
    return (project.root / "seeds" / "clients.csv").read_text(encoding="utf-8").splitlines()[1:]


def test_add_makes_everything_and_again_changes_nothing(project: ProjectUnderTest) -> None:
    first = project.spark9("client", "add", "acme", "meta", "2024", "--grant", "ann@example.com")
    assert first.code == 0, first.text
    assert "created" in first.text
    assert tables(project) == LOADER_TABLES
    assert registry(project)[0].startswith(f"{SCHEMA},acme,meta,2024,active,")
    assert sorted(path.name for path in (project.root / "models/clients" / SCHEMA).iterdir()) == [
        f"{SCHEMA}.yml",
        f"{SCHEMA}__processed_campaign_data.sql",
        f"{SCHEMA}__typed_rows.sql",
        f"{SCHEMA}__wave_quality.sql",
    ]
    assert (project.root / "warehouse/stage" / f"{SCHEMA}_stage").is_dir()
    files = {
        path: path.read_bytes() for path in project.root.rglob("*") if path.is_file() and "warehouse" not in path.parts
    }
    again = project.spark9("client", "add", "acme", "meta", "2024", "--grant", "ann@example.com")
    assert again.code == 0
    assert "already exists" in again.text
    assert {path: path.read_bytes() for path in files} == files


def test_run_operation_makes_the_same_tables(project: ProjectUnderTest) -> None:
    project.add("acme", "meta", 2024)
    by_command = project.query("select table_name, sql from duckdb_tables() order by all")
    project.change(f"drop schema {SCHEMA} cascade")
    arguments = "{client: acme, platform: meta, year: 2024}"
    for _ in range(2):
        assert project.dbt("run-operation", "create_client_platform_schema", "--args", arguments).success
    assert project.query("select table_name, sql from duckdb_tables() order by all") == by_command


@pytest.mark.parametrize(
    "arguments", ["{client: Acme, platform: meta, year: 2024}", "{client: acme, platform: a_b, year: 2024}"]
)
def test_run_operation_refuses_names_that_break_the_rule(
    project: ProjectUnderTest, arguments: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert not project.dbt("run-operation", "create_client_platform_schema", "--args", arguments).success
    assert "is not a valid name: lower-case letters and digits" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("names", "rule"),
    [
        (("Acme", "meta", "2024"), "lower-case letters"),
        (("acme", "google_ads", "2024"), "digits only"),
        (("acme", "meta", "24"), "four digits"),
    ],
)
def test_a_name_that_breaks_its_rule_is_refused_and_nothing_made(
    project: ProjectUnderTest, names: tuple[str, str, str], rule: str
) -> None:
    run = project.spark9("client", "add", *names)
    assert run.code == 2
    assert rule in run.text
    assert "Nothing was changed." in run.text
    assert registry(project) == []


def test_add_without_models_leaves_the_registry_alone(project: ProjectUnderTest) -> None:
    assert project.spark9("client", "add", "acme", "meta", "2024", "--no-models").code == 0
    assert tables(project) == LOADER_TABLES
    assert registry(project) == []


def test_an_archived_client_keeps_its_tables_and_takes_no_loads(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv()), 1)
    assert acme.spark9("client", "archive", "acme", "meta", "2024").code == 0
    assert tables(acme) == LOADER_TABLES
    assert not (acme.root / "models/clients" / SCHEMA).exists()
    refused = acme.spark9("load", str(acme.write("b.csv", meta_csv(4))), "--client", "acme/meta/2024", "--wave", "2")
    assert refused.code == 3
    assert "is archived" in refused.text
    assert acme.spark9("client", "add", "acme", "meta", "2024").code == 0
    assert acme.load(acme.write("b.csv", meta_csv(4)), 2).outcome == "loaded"


def test_drop_refuses_without_yes_where_no_one_can_be_asked(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv()), 1)
    run = acme.spark9("client", "drop", "acme", "meta", "2024", stdin="")
    assert run.code == 2
    assert "--yes" in run.text
    assert tables(acme) == LOADER_TABLES


def test_drop_removes_tables_originals_registry_and_models(acme: ProjectUnderTest) -> None:
    acme.add("other", "meta", 2024)
    acme.load(acme.write("a.csv", meta_csv()), 1)
    acme.spark9("client", "grant", "acme", "meta", "2024", "ann@example.com")
    assert acme.spark9("client", "drop", "acme", "meta", "2024", "--yes").code == 0
    assert tables(acme) == []
    assert tables(acme, "client_other_meta_2024") == LOADER_TABLES
    assert not (acme.root / "warehouse/stage" / f"{SCHEMA}_stage").exists()
    assert [line.split(",")[0] for line in registry(acme)] == ["client_other_meta_2024"]
    assert "ann" not in (acme.root / "seeds/client_access.csv").read_text(encoding="utf-8")
    assert acme.spark9("client", "check").code == 0
    again = acme.spark9("client", "drop", "acme", "meta", "2024", "--yes")
    assert again.code == 3
    assert "not in the registry" in again.text


def test_drop_by_run_operation_wants_to_be_confirmed(acme: ProjectUnderTest, capfd: pytest.CaptureFixture[str]) -> None:
    names = "client: acme, platform: meta, year: 2024"
    assert not acme.dbt("run-operation", "drop_client_schema", "--args", f"{{{names}}}").success
    assert "nothing was dropped" in capfd.readouterr().out
    assert tables(acme) == LOADER_TABLES
    assert acme.dbt("run-operation", "drop_client_schema", "--args", f"{{{names}, confirm: true}}").success
    assert tables(acme) == []


@pytest.mark.slow
def test_clients_whose_names_look_alike_do_not_meet(project: ProjectUnderTest) -> None:
    one, two = project.add("ac_e", "meta", 2024), project.add("acme", "meta", 2024)
    project.load(project.write("a.csv", meta_csv(2)), 1, one)
    project.load(project.write("a2.csv", meta_csv(2)), 1, two)
    assert project.build_clients().success
    assert project.spark9("client", "drop", "ac_e", "meta", "2024", "--yes").code == 0
    assert len(tables(project, two.name)) == 8
    assert client_schema("ac_e", "meta", 2024).name != two.name


@pytest.mark.slow
def test_a_client_of_an_earlier_version_gets_what_it_lacks_when_it_is_added_again(acme: ProjectUnderTest) -> None:
    schema = "client_acme_meta_2024"
    acme.load(acme.write("a.csv", meta_csv(2)), 1)
    acme.change(
        f"drop table {schema}.column_rules; alter table {schema}.raw_data_staging drop column row_reason; "
        f"alter table {schema}.wave_schema_mapping drop column in_grain; alter table {schema}.processing_log drop column done_by"
    )
    later = acme.write("b.csv", meta_csv(2, day="2024-02-01"))
    with pytest.raises(ClientUnknownError, match="spark9 client add acme/meta/2024"):
        acme.load(later, 2)
    assert acme.spark9("client", "add", "acme", "meta", "2024").code == 0
    acme.load(later, 2)
    assert acme.dbt("build", "--select", "clients").success
    assert acme.query(f"select count(*) from {schema}.processed_campaign_data") == [(4,)]
    assert acme.query(f"select count(done_by) > 0 from {schema}.processing_log") == [(True,)]


def test_the_log_of_an_earlier_version_gets_todays_words_by_adding_the_client_again(built: ProjectUnderTest) -> None:
    log = "client_acme_meta_2024.processing_log"
    words = f"select processing_stage, status from {log} order by processing_timestamp, processing_stage"
    before = built.query(words)
    built.change(
        f"update {log} set status = 'completed', processing_stage = case processing_stage when 'UPLOAD' then 'load' "
        "when 'TEST' then 'prove' else lower(processing_stage) end"
    )
    assert built.spark9("client", "add", "acme/meta/2024").code == 0
    assert built.query(words) == before
    assert "Nothing has changed" in built.spark9("build").text


def test_what_changes_no_row_is_in_the_log_with_who_did_it_and_builds_nothing(
    built: ProjectUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARK9_USER", "ann@example.com")
    assert built.spark9("client", "grant", "acme/meta/2024", "bob@example.com").code == 0
    assert built.spark9("client", "revoke", "acme/meta/2024", "bob@example.com").code == 0
    assert "Nothing has changed" in built.spark9("build").text
    assert built.spark9("client", "set", "acme/meta/2024", "--restatement", "both").code == 0
    assert built.spark9("client", "archive", "acme/meta/2024").code == 0
    logged = built.query(
        "select processing_stage, done_by, cast(details as varchar) from client_acme_meta_2024.processing_log "
        "where processing_stage in ('GRANT', 'REVOKE', 'POLICIES', 'ARCHIVE') order by processing_timestamp"
    )
    assert [(stage, who) for stage, who, _ in logged] == [
        (stage, "ann@example.com") for stage in ("GRANT", "REVOKE", "POLICIES", "ARCHIVE")
    ]
    assert '"bob@example.com"' in logged[0][2]
