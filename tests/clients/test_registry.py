"""Generated files are as the registry says."""

from __future__ import annotations

import pytest

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
