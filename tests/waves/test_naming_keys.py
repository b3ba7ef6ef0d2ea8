"""Files of naming keys."""

from __future__ import annotations

import pytest

from loader.errors import WaveRefusedError
from tests.support import SCHEMA, ProjectUnderTest
from tests.written import meta_csv


def test_naming_keys_are_recognised_and_replaced_by_name(acme: ProjectUnderTest) -> None:
    first = acme.load(acme.write("keys.csv", "Ad set name,Audience\nSet 1,old\nSet 2,old\n"), None)
    acme.load(acme.write("keys2.csv", "Ad set name,Audience,Region\nSet 2,new,EU\n"), None)
    assert first.plan
    assert first.plan.is_naming_keys
    assert acme.query(
        f"select ad_set_name, attributes->>'Audience', file_name from {SCHEMA}.naming_keys order by 1"
    ) == [("Set 1", "old", "keys.csv"), ("Set 2", "new", "keys2.csv")]
    assert (
        acme.load(acme.write("keys2.csv", "Ad set name,Audience,Region\nSet 2,new,EU\n"), None).outcome
        == "already loaded"
    )


def test_a_wave_without_a_number_is_refused(acme: ProjectUnderTest) -> None:
    with pytest.raises(WaveRefusedError, match="--wave"):
        acme.load(acme.write("a.csv", meta_csv()), None)
