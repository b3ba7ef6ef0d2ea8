"""Generated files are as the registry says."""

from __future__ import annotations

from loader.clients.registry import Registry
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
