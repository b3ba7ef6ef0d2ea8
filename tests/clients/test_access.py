"""Who may use a client's schema."""

from __future__ import annotations

import pytest

from tests.support import ProjectUnderTest


def test_grants_are_listed_and_revoked(acme: ProjectUnderTest) -> None:
    granted = acme.spark9("client", "grant", "acme", "meta", "2024", "ann@example.com", "--access", "reader")
    assert "not enforced" in granted.text
    assert "ann@example.com (reader)" in acme.spark9("client", "list").text
    assert acme.spark9("client", "revoke", "acme", "meta", "2024", "ann@example.com").code == 0
    assert "ann@example.com" not in acme.spark9("client", "list").text


@pytest.mark.parametrize("user", ["", "a'; drop table x", "a\nb", 'a"b'])
def test_a_user_name_that_could_be_sql_is_refused(acme: ProjectUnderTest, user: str) -> None:
    assert acme.spark9("client", "grant", "acme", "meta", "2024", user).code == 2
