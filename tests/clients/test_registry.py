"""Generated files are as the registry says."""

from __future__ import annotations

import shutil

import pytest
from dbt.exceptions import CompilationError

from loader import client_schema
from loader.clients.registry import Registry
from loader.errors import ClientUnknownError
from tests.support import SCHEMA, ProjectUnderTest


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
