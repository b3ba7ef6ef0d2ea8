"""Marts keep to their contracts: a column that changes stops the build of its mart, and what was there stays."""

from __future__ import annotations

import pytest
import yaml

from tests.support import ROOT, ProjectUnderTest

MARTS = {path.stem for path in (ROOT / "models" / "marts").glob("*.sql")}


def test_every_mart_has_a_contract_with_a_type_for_each_column() -> None:
    models = yaml.safe_load((ROOT / "models/marts/marts.yml").read_text(encoding="utf-8"))["models"]
    assert {model["name"] for model in models} == MARTS
    for model in models:
        assert model["config"]["contract"] == {"enforced": True}, model["name"]
        assert [column["name"] for column in model["columns"] if "data_type" not in column] == [], model["name"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("as uploads,", "as upload_count,", id="another name"),
        pytest.param("count(*) as uploads,", "cast(count(*) as double) as uploads,", id="another type"),
        pytest.param("        wave_number,\n        cast(pro", "        cast(pro", id="a column less"),
        pytest.param("count(*) as uploads,", "count(*) as uploads, 1 as more,", id="a column more"),
        pytest.param("as date) as upload_day", "as date) + null as upload_day", id="empty where it must not be"),
    ],
)
def test_a_mart_whose_columns_change_is_not_built(built: ProjectUnderTest, before: str, after: str) -> None:
    there = built.query("select * from marts.uploads_by_day order by all")
    model = built.root / "models" / "marts" / "uploads_by_day.sql"
    text = model.read_text(encoding="utf-8")
    assert before in text
    model.write_text(text.replace(before, after, 1), encoding="utf-8")
    run = built.dbt("run", "--select", "uploads_by_day")
    assert run.statuses == {"uploads_by_day": "error"}
    assert built.query("select * from marts.uploads_by_day order by all") == there
