"""Generated files are as the registry says, and the registry's own files may be edited by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from loader.clients.registry import Access, RegisteredClient, Registry
from loader.clients.registry_files import read_rows
from loader.errors import ProjectError
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
