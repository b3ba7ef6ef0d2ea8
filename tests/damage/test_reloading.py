"""A right export and a damaged one of the same days in a real project: what counts then, or what is asked."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from loader import client_schema, create_client_platform_schema
from loader.errors import FileRefusedError
from tests.damage.matrix import damaged
from tests.damage.sheets import SHEETS
from tests.support import ProjectUnderTest, copy_project

EXPORT = "pinterest en"
# damage of the later export, and what counts then as a share of the truth; none where the load is refused
COUNTED = {
    "": Decimal(1),
    "names_with_spaces_in_some_rows": Decimal(1),
    "joined_with_itself": Decimal(2),  # asked: rows-repeated
    "names_upper_in_some_rows": Decimal("1.12"),  # asked: names-alike
    "names_zero_width_in_some_rows": Decimal(1),
    "total_n_a_named": Decimal(1),
    "days_hidden_in_some_rows": None,
}


@pytest.mark.slow
def test_what_counts_after_a_damaged_export_of_the_same_days(tmp_path: Path) -> None:
    project = ProjectUnderTest(copy_project(tmp_path / "project"))
    clients = {damage: client_schema(f"c{at}", "pinterest", 2026) for at, damage in enumerate(COUNTED)}
    refused = []
    for damage, client in clients.items():
        create_client_platform_schema(project.project, client)
        sheet = damaged((damage, EXPORT))
        assert sheet
        project.load(project.write("right.csv", SHEETS[EXPORT].content()), 1, client)
        # a byte more, so that the undamaged one is another file
        later = project.write("later.csv", sheet.content() + b"\n")
        try:
            project.load(later, 2, client)
        except FileRefusedError:
            refused.append(damage)
    assert refused == [damage for damage, share in COUNTED.items() if share is None]
    assert project.dbt("build", "--exclude-resource-type", "test", "unit_test").success
    truth = sum(fact.spend or 0 for fact in SHEETS[EXPORT].facts)
    found = {
        damage: project.query(
            f"select sum(amount_spent) from {client.name}.processed_campaign_data where superseded_by is null"
        )[0][0]
        / truth
        for damage, client in clients.items()
    }
    assert {damage: round(share, 2) for damage, share in found.items()} == {
        damage: Decimal(1) if share is None else share for damage, share in COUNTED.items()
    }
