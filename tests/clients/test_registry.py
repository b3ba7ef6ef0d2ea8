"""Generated files are as the registry says, and the registry's own files may be edited by hand."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from dbt.exceptions import CompilationError

from loader import client_schema
from loader.clients.registry import Access, RegisteredClient, Registry
from loader.clients.registry_files import read_rows
from loader.errors import ClientUnknownError, ProjectError
from tests.support import ACME, SCHEMA, ProjectUnderTest

CLIENT = f"{SCHEMA},acme,meta,2024,active,2024-01-31,supersede,finest"
GRANT = f"{SCHEMA},ann@example.com,owner,2024-01-31"
OF_CLIENTS = "client_schema,client,platform,year,status,added_on,restatement,overlap"
OF_ACCESS = "client_schema,user_name,access,granted_on"


def test_check_fails_when_folders_and_registry_differ(acme: ProjectUnderTest) -> None:
    assert acme.spark9("client", "check").code == 0
    model = acme.root / "models/clients" / SCHEMA / f"{SCHEMA}__wave_quality.sql"
    model.write_text("select 1", encoding="utf-8")
    (acme.root / "models/clients/client_other_meta_2024").mkdir()
    run = acme.spark9("client", "check")
    assert run.code == 1
    assert f"{model.relative_to(acme.root)} differs from what would be generated" in run.text
    assert "client_other_meta_2024 belongs to no active client" in run.text
    assert acme.spark9("client", "check", "--fix").code == 0
    assert acme.spark9("client", "check").code == 0


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("clients", f"{OF_CLIENTS}\nclient_é_meta_2024", "line 2: It is not in UTF-8"),
        ("clients", f"{OF_CLIENTS}\n{CLIENT}\n{SCHEMA},acme", "line 3: The number of values is '2', not 8"),
        ("clients", f"{OF_CLIENTS}\n\n{CLIENT},more", "line 3: The number of values is '9', not 8"),
        ("clients", f"{OF_CLIENTS}\n<<<<<<< HEAD\n{CLIENT}", "line 2: The number of values is '1', not 8"),
        ("clients", f"{OF_CLIENTS}\n{CLIENT.replace(',2024,', ',twenty,')}", "line 2: The year 'twenty' is not valid"),
        ("clients", f"{OF_CLIENTS}\n{CLIENT}\n{CLIENT}", "line 3: It says what line 2 says already"),
        (
            "clients",
            f"{OF_CLIENTS}\n{CLIENT.replace('finest', 'best')}",
            "line 2: The overlap is 'best', not finest or both",
        ),
        (
            "clients",
            f"{OF_CLIENTS}\n{CLIENT.replace('active', 'Active')}",
            "line 2: The status is 'Active', not active or",
        ),
        (
            "clients",
            f"{OF_CLIENTS}\n{CLIENT.replace('acme,', 'other,')}",
            f"The client_schema is '{SCHEMA}', not client_other",
        ),
        (
            "clients",
            f"{OF_CLIENTS}\n{CLIENT.replace('2024-01-31', '31/01/2024')}",
            "The added_on is '31/01/2024', not a day",
        ),
        ("clients", OF_CLIENTS + "\n" + CLIENT.replace("finest", "x'}} {{ 1 }}"), "line 2: The overlap is"),
        ("clients", f"{OF_CLIENTS.replace(',', ';')}\n{CLIENT}", "line 1: The header is 'client_schema;client;"),
        ("clients", f'{OF_CLIENTS}\n{CLIENT}\n"{CLIENT}', "line 3: It is not CSV (unexpected end of data)"),
        ("clients", "", "line 1: The header is ''"),
        (
            "client_access",
            f"{OF_ACCESS}\n{GRANT.replace('owner', 'writer')}",
            "line 2: The access 'writer' is not one of",
        ),
        (
            "client_access",
            f"{OF_ACCESS}\n{GRANT.replace('ann', 'a{{nn}}')}",
            "line 2: The user 'a{{nn}}@example.com' is not a",
        ),
        (
            "client_access",
            f"{OF_ACCESS}\n{GRANT.replace(SCHEMA, 'acme')}",
            "line 2: 'acme' is not the schema of a client",
        ),
    ],
)
def test_a_line_that_is_wrong_is_named(tmp_path: Path, file: str, text: str, said: str) -> None:
    path = tmp_path / f"{file}.csv"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ProjectError) as caught:
        read_rows(path, {"clients": RegisteredClient, "client_access": Access}[file], repr)
    assert f"{path} can't be used: " in caught.value.problem
    assert said in caught.value.problem


def test_commands_stop_at_a_wrong_line_and_leave_the_file_as_it_is(acme: ProjectUnderTest) -> None:
    path = acme.root / "seeds/clients.csv"
    path.write_text(f"{OF_CLIENTS}\n{CLIENT}\n{CLIENT}\n{SCHEMA},acme\n", encoding="utf-8")
    before = path.read_bytes()
    for command in (
        ("client", "list"),
        ("client", "add", "other/meta/2024"),
        ("status",),
        ("client", "check", "--fix"),
    ):
        run = acme.spark9(*command)
        assert (run.code, f"error (project-unusable): {path} can't be used: line 3: " in run.text) == (2, True), (
            run.text
        )
        assert "line 4: The number of values is '2', not 8" in run.text
        assert "restore it from git" in run.text
    assert path.read_bytes() == before


def test_what_a_spreadsheet_saves_is_read_by_spark9_and_dbt(acme: ProjectUnderTest) -> None:
    for path in (acme.root / "seeds/clients.csv", acme.root / "seeds/client_access.csv"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n") + b"\r\n")
    assert acme.spark9("client", "check").code == 0
    assert acme.spark9("client", "grant", "acme/meta/2024", "o'brien@example.com").code == 0
    assert acme.dbt("seed", "--select", "clients", "client_access").success
    assert acme.query("select user_name from registry.client_access") == [("o'brien@example.com",)]


def test_a_name_with_an_apostrophe_is_a_text_in_macros(acme: ProjectUnderTest) -> None:
    Registry(acme.project).grant(ACME, "o'brien@example.com", "reader")
    (access,) = acme.project.macros.call("registered_accesses")
    assert access == {"client_schema": SCHEMA, "user_name": "o'brien@example.com", "access": "reader"}


def test_a_person_is_one_in_any_case(acme: ProjectUnderTest) -> None:
    registry = Registry(acme.project)
    registry.grant(ACME, "Ann@example.com", "reader")
    assert not registry.grant(ACME, "ann@example.com", "reader")
    assert registry.grant(ACME, "ann@example.com", "owner")
    assert [access.access for access in registry.accesses()] == ["owner"]
    assert registry.revoke(ACME, "ANN@example.com")
    assert registry.accesses() == []
    path = acme.root / "seeds/client_access.csv"
    path.write_text(f"{OF_ACCESS}\n{GRANT}\n{GRANT.replace('ann', 'Ann')}\n", encoding="utf-8")
    with pytest.raises(ProjectError, match="line 3: It says what line 2 says already"):
        registry.accesses()


def test_access_to_a_schema_that_is_not_registered_is_said(acme: ProjectUnderTest) -> None:
    path = acme.root / "seeds/client_access.csv"
    path.write_text(f"{OF_ACCESS}\n{GRANT.replace('acme', 'acne')}\n", encoding="utf-8")
    assert acme.spark9("client", "check", "--fix").code == 1
    assert "client_acne_meta_2024, which is not in the registry" in acme.spark9("client", "check").text


@pytest.mark.slow
def test_a_brand_is_one_across_platforms_and_years(built: ProjectUnderTest) -> None:
    brands = "select client_schema, brand from marts.waves group by all order by all"
    assert built.query(brands) == [(SCHEMA, "acme")]
    built.add("other", "meta", 2024)
    run = built.spark9("client", "set", "acme/meta/2024", "--brand", "  Größe &  Söhne ")
    assert (run.code, "brand" in run.text) == (0, True)
    built.add("acme", "linkedin", 2025)
    assert [(row.client_schema, row.brand) for row in Registry(built.project).clients()] == [
        ("client_acme_linkedin_2025", "Größe & Söhne"),
        (SCHEMA, "Größe & Söhne"),
        ("client_other_meta_2024", "other"),
    ]
    assert built.spark9("build").code == 0
    assert built.query(brands) == [(SCHEMA, "Größe & Söhne")]
    assert "unchanged" in built.spark9("client", "set", "acme/meta/2024", "--brand", "Größe & Söhne").text
    for wrong in ("", " ", "x" * 81, "a\x07b"):
        refused = built.spark9("client", "set", "acme/meta/2024", "--brand", wrong)
        assert (refused.code, "brand" in refused.text) == (2, True), wrong
    assert built.spark9("client", "set", "nobody/meta/2024", "--brand", "x").code == 3


def test_a_registry_of_an_earlier_version_has_its_clients_as_brands(acme: ProjectUnderTest) -> None:
    registry = acme.root / "seeds" / "clients.csv"
    lines = registry.read_text(encoding="utf-8").splitlines()
    registry.write_text("".join(f"{line.rpartition(',')[0]}\n" for line in lines), encoding="utf-8")
    assert [row.brand for row in Registry(acme.project).clients()] == ["acme"]
    assert acme.spark9("client", "check", "--fix").code == 0
    assert registry.read_text(encoding="utf-8").splitlines() == lines


def test_an_unknown_client_is_told_with_the_nearest_of_all_platforms(acme: ProjectUnderTest) -> None:
    registry = Registry(acme.project)
    for client, platform in (("nike", "linkedin"), *((f"shop{number}", "tiktok") for number in range(6))):
        registry.add(client_schema(client, platform, 2024))
    assert refusal(registry, "nike", "linkdin").startswith(
        "nike/linkdin/2024 is not in the registry (clients.csv). Did you mean nike/linkedin/2024? The registry has nike/linkedin/2024, "
    )
    assert refusal(registry, "nike", "linkdin").endswith(" and 3 more.")
    assert refusal(registry, "acme", "pinterest").startswith(
        "acme/pinterest/2024 is not in the registry (clients.csv). The registry has acme/meta/2024, "
    )


def refusal(registry: Registry, client: str, platform: str) -> str:
    with pytest.raises(ClientUnknownError) as caught:
        registry.get(client_schema(client, platform, 2024))
    return caught.value.problem


MODELS = f"models/clients/{SCHEMA}/{SCHEMA}"


@pytest.mark.parametrize(
    ("gone", "named"),
    [
        (f"{MODELS}.yml", f"{MODELS}.yml"),
        (f"{MODELS}__typed_rows.sql", f"{MODELS}__typed_rows.sql"),
        (f"{MODELS}__processed_campaign_data.sql", f"{MODELS}__processed_campaign_data.sql"),
        (f"{MODELS}__wave_quality.sql", f"{MODELS}__wave_quality.sql"),
        (f"models/clients/{SCHEMA}", f"{MODELS}.yml, {MODELS}__typed_rows.sql"),
        ("macros/registry/registered_clients.sql", "macros/registry lacks a generated file"),
    ],
)
@pytest.mark.parametrize(
    "is_parsed", [pytest.param(True, id="partly"), pytest.param(False, id="anew", marks=pytest.mark.slow)]
)
def test_dbt_names_the_command_where_a_generated_file_is_gone(
    acme: ProjectUnderTest, gone: str, named: str, is_parsed: bool
) -> None:
    path = acme.root / gone
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(CompilationError, match="`spark9 client check --fix`") as caught:
        acme.dbt(*(["parse"] if is_parsed else ["--no-partial-parse", "parse"]))
    assert named in str(caught.value)
    assert acme.spark9("client", "check", "--fix").code == 0
    assert acme.dbt("parse").success


def test_dbt_names_the_command_where_files_are_of_no_client(acme: ProjectUnderTest) -> None:
    macro = acme.root / "macros/registry/registered_clients.sql"
    text = macro.read_text(encoding="utf-8")
    macro.write_text("".join(line for line in text.splitlines(True) if SCHEMA not in line), encoding="utf-8")
    with pytest.raises(CompilationError, match=f"{SCHEMA} is of no active client; `spark9 client check --fix`"):
        acme.dbt("parse")


@pytest.mark.slow
def test_a_registry_that_was_edited_by_hand_fails_a_test_that_names_the_command(acme: ProjectUnderTest) -> None:
    test = "clients__generated_files_are_of_the_registry"
    build = ("build", "--select", "clients,resource_type:seed", "client_access")
    registry = acme.root / "seeds/clients.csv"
    written = registry.read_text(encoding="utf-8")
    assert acme.dbt(*build).statuses[test] == "pass"
    other = "client_other_meta_2024,other,meta,2024,active,2024-01-01,supersede,finest,other\n"
    for text, rows in (
        (written + other, 1),
        ("".join(line for line in written.splitlines(True) if SCHEMA not in line), 1),
        (written.replace("active", "archived"), 1),
        (written.replace("finest", "both"), 1),
    ):
        registry.write_text(text, encoding="utf-8")
        run = acme.dbt(*build)
        assert (run.statuses[test], run.failures) == ("fail", {test: rows})
        assert acme.spark9("client", "check", "--fix").code == 0
        assert acme.dbt(*build).statuses[test] == "pass"
        registry.write_text(written, encoding="utf-8")
        assert acme.spark9("client", "check", "--fix").code == 0


def test_a_client_that_was_renamed_by_hand_fails_a_test_of_the_seed(acme: ProjectUnderTest) -> None:
    registry = acme.root / "seeds/clients.csv"
    text = registry.read_text(encoding="utf-8")
    registry.write_text(text.replace(",acme,meta,2024,", ",acmee,meta,2024,"), encoding="utf-8")
    run = acme.dbt("build", "--select", "clients,resource_type:seed", "client_access")
    assert run.statuses["clients__generated_files_are_of_the_registry"] == "fail"


def test_a_generated_macro_that_is_gone_is_named_with_the_command(built: ProjectUnderTest) -> None:
    (built.root / "macros/registry/registered_clients.sql").unlink()
    refused = built.spark9("build")
    assert (refused.code, "internal-error" in refused.text) == (2, False), refused.text
    assert "'registered_clients' is undefined" in refused.text
    assert "`spark9 client check --fix`" in refused.text
    assert built.spark9("client", "check", "--fix").code == 0
    assert built.spark9("build").code == 0
