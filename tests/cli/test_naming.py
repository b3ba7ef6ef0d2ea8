"""A client is named in one word, in three options, or once in SPARK9_CLIENT; never half."""

from __future__ import annotations

import pytest

from tests.support import ProjectUnderTest
from tests.written import meta_csv


@pytest.mark.parametrize(
    "named", [("--client", "acme/meta/2024"), ("--client", "acme", "--platform", "meta", "--year", "2024")]
)
def test_one_word_and_three_options_name_the_same_client(acme: ProjectUnderTest, named: tuple[str, ...]) -> None:
    run = acme.spark9("load", str(acme.write("a.csv", meta_csv())), *named, "--wave", "1")
    assert run.out == "a.csv: 3 rows, 9 columns loaded as wave 1 of acme/meta/2024.\n"


def test_the_environment_names_the_client_of_commands_that_name_none(
    acme: ProjectUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme.add("other", "meta", 2024)
    monkeypatch.setenv("SPARK9_CLIENT", "acme/meta/2024")
    run = acme.spark9("load", str(acme.write("a.csv", meta_csv())), "--wave", "1")
    assert "loaded as wave 1 of acme/meta/2024" in run.out
    assert "a.csv" in acme.spark9("wave", "list").out
    assert "no wave is loaded yet" in acme.spark9("wave", "list", "--client", "other/meta/2024").out
    assert "1 loads verified" in acme.spark9("verify").out
    assert acme.spark9("verify", "--all").code == 0
    dropped = acme.spark9("client", "drop", "--yes")
    assert dropped.code == 2, "what is dropped is always named"


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ((), "No client is named"),
        (("--client", "acme"), "The client 'acme' is not valid: give client/platform/year"),
        (("--client", "acme/meta"), "The client 'acme/meta' is not valid: give client/platform/year"),
        (("--client", "acme/meta/2024/5"), "is not valid: give client/platform/year"),
        (("--client", "Acme/meta/2024"), "The client 'Acme' is not a valid name"),
        (("--client", "acme/meta/24"), "The year '24' is not valid"),
        (("--client", "acme/meta/2024", "--year", "2025"), "with --client acme/meta/2024, or with"),
        (("--platform", "meta"), "with --client acme/meta/2024, or with"),
    ],
)
def test_a_client_that_is_named_in_part_is_refused(acme: ProjectUnderTest, named: tuple[str, ...], said: str) -> None:
    run = acme.spark9("log", *named)
    assert (run.code, said in run.text) == (2, True), run.text


def test_half_a_client_is_not_filled_up_from_the_environment(
    acme: ProjectUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme.add("acme", "tiktok", 2024)
    monkeypatch.setenv("SPARK9_CLIENT", "acme/meta/2024")
    assert acme.spark9("log", "--platform", "tiktok").code == 2
    monkeypatch.setenv("SPARK9_CLIENT", "acme")
    run = acme.spark9("log")
    assert (run.code, "The client 'acme' is not valid: give client/platform/year" in run.text) == (2, True)


def test_commands_about_a_client_take_it_as_one_argument_or_three(project: ProjectUnderTest) -> None:
    assert project.spark9("client", "add", "acme/meta/2024", "--grant", "ann@example.com").code == 0
    assert "already exists" in project.spark9("client", "add", "acme", "meta", "2024").out
    assert "bob@example.com is reader" in project.spark9("client", "grant", "acme/meta/2024", "bob@example.com").out
    taken = project.spark9("client", "revoke", "acme/meta/2024", "bob@example.com")
    assert "bob@example.com no longer has access" in taken.out
    assert project.spark9("client", "set", "--restatement", "both", "acme/meta/2024").code == 0
    assert project.spark9("client", "add", "acme/meta").code == 2
    assert project.spark9("client", "drop", "acme/meta/2024", "--yes").code == 0
