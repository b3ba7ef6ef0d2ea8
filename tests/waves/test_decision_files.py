"""Decisions about columns travel between targets as a file."""

from __future__ import annotations

from pathlib import Path

import pytest

import loader
from loader import MappingChange
from loader.errors import Spark9Error
from loader.waves.decision_files import COLUMNS
from tests.support import ACME, SCHEMA, ProjectUnderTest
from tests.written import meta_csv, video_csv

# files of an earlier version lack the last column
_HEADER = ",".join(COLUMNS[:-1]) + "\n"
_PROMOTED = "acme/meta/2024,Video plays,1,promote,video_plays,integer,,false,\n"
_RULES = f"select * exclude (updated_timestamp) from {SCHEMA}.column_rules order by all"


def _file(project: ProjectUnderTest, *lines: str, name: str = "decisions.csv") -> Path:
    return project.write(name, _HEADER + "".join(lines))


@pytest.mark.slow
def test_a_file_gives_another_target_the_same_columns(acme: ProjectUnderTest, tmp_path: Path) -> None:
    other = acme.copy(tmp_path / "other")
    for project in (acme, other):
        project.load(project.write("a.csv", video_csv(2, day="2024-01-01")), 1)
        project.load(project.write("b.csv", video_csv(2, day="2024-02-01")), 2)
    loader.set_mapping(acme.project, ACME, 1, "Video plays", MappingChange(rule="promote", default="0"))
    loader.set_mapping(acme.project, ACME, 2, "Reach", MappingChange(rule="ignore"))
    file = tmp_path / "decisions.csv"
    assert acme.spark9("mapping", "export", str(file)).text.endswith("2 decisions of 1 client")
    written = file.read_text()
    assert written.splitlines()[1:] == [
        "acme/meta/2024,Video plays,1,promote,video_plays,integer,,false,0,false",
        "acme/meta/2024,Reach,2,ignore,reach,,,false,,false",
    ]
    before = other.snapshot()
    tried = other.spark9("mapping", "apply", str(file), "--dry-run")
    assert "'Video plays' of acme/meta/2024 from wave 1 on: promote video_plays" in tried.text
    assert "Nothing was changed." in tried.text
    assert (other.snapshot(), other.query(_RULES)) == (before, [])
    applied = other.spark9("mapping", "apply", str(file))
    assert applied.code == 0
    assert "The next dbt build reprocesses the waves concerned." in applied.text
    assert other.query(_RULES) == acme.query(_RULES)
    for project in (acme, other):
        assert project.build_clients().success
    assert other.snapshot() == acme.snapshot()
    assert [row for (row,) in other.processed("video_plays")] == [1500] * 4
    after = other.snapshot()
    again = other.spark9("mapping", "apply", str(file))
    assert (again.code, again.text) == (0, f"2 decisions of {file} are here already.")
    assert other.snapshot() == after
    loader.export_decisions(other.project, tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_text() == written


def test_a_decision_waits_for_a_wave_that_is_loaded_later(acme: ProjectUnderTest) -> None:
    file = _file(acme, _PROMOTED)
    said = acme.spark9("mapping", "apply", str(file)).text
    assert "promote video_plays; no loaded wave has it yet" in said
    acme.load(acme.write("a.csv", video_csv(2, day="2024-01-01")), 1)
    assert acme.build_clients().success
    assert acme.processed("video_plays") == [(1500,), (1500,)]


@pytest.mark.slow
def test_a_loaded_later_wave_follows_a_decision_from_one_that_is_not_loaded(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", video_csv(2, day="2024-01-01")), 3)
    acme.build_clients()
    assert "no loaded wave" not in acme.spark9("mapping", "apply", str(_file(acme, _PROMOTED))).text
    assert acme.build_clients().success
    assert acme.processed("video_plays") == [(1500,), (1500,)]


def test_decisions_that_only_the_target_has_are_named_and_kept(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", video_csv(2, day="2024-01-01")), 1)
    loader.set_mapping(acme.project, ACME, 1, "Reach", MappingChange(rule="ignore"))
    said = acme.spark9("mapping", "apply", str(_file(acme, _PROMOTED))).text
    assert "Not in the file, and kept: 'Reach' of acme/meta/2024 from wave 1 on." in said
    assert len(acme.query(_RULES)) == 2


@pytest.fixture(scope="module")
def loaded(parsed_acme: ProjectUnderTest, tmp_path_factory: pytest.TempPathFactory) -> ProjectUnderTest:
    """A wave with a column that can be promoted; what is refused changes nothing of it."""
    acme = parsed_acme.copy(tmp_path_factory.mktemp("decided"))
    acme.load(acme.write("a.csv", video_csv(2, day="2024-01-01")), 1)
    return acme


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("acme/meta/2024,Nowhere,1,promote,nowhere,integer,,false,\n", "line 3: Wave 1 of acme/meta/2024 has no column"),
        ("acme/meta/2025,Clicks,1,ignore,clicks,,,false,\n", "line 3: acme/meta/2025 is not in the registry"),
        ("acme/meta,Clicks,1,ignore,clicks,,,false,\n", "line 3: The client 'acme/meta' is not valid"),
        ("acme/meta/2024,Link clicks,1,promote,my_clicks,money,,false,\n", "line 3: The type 'money' is not one of"),
        ("acme/meta/2024,Link clicks,9,promote,my_clicks,money,,false,\n", "line 3: The type 'money' is not one of"),
        ("acme/meta/2024,Link clicks,1,core,clicks,text,,false,\n", "line 3: The core column 'clicks' is of type integer"),
        ("acme/meta/2024,Link clicks,1,drop,clicks,,,false,\n", "line 3: mapping_rule must be one of"),
        ("acme/meta/2024,Link clicks,one,ignore,clicks,,,false,\n", "line 3: from_wave must be a whole number, not 'one'"),
        ("acme/meta/2024,Link clicks,1,ignore,clicks,,,yes,\n", "line 3: is_required must be true or false, not 'yes'"),
        ("acme/meta/2024,,1,ignore,clicks,,,false,\n", "line 3: column_name must not be empty"),
        ("acme/meta/2024,Link clicks,1,ignore,clicks,,,false,,x\n", "line 3: it has more cells than the header"),
        ("acme/meta/2024,Link clicks,1,promote,my_clicks,integer,,false,many\n", "line 3: The default 'many' is not of type"),
        (_PROMOTED, "line 3: 'Video plays' is decided in line 2 already."),
    ],
)  # fmt: skip
def test_a_wrong_line_is_named_and_nothing_is_applied(loaded: ProjectUnderTest, line: str, said: str) -> None:
    before = loaded.snapshot()
    file = _file(loaded, _PROMOTED, line)
    with pytest.raises(Spark9Error) as refused:
        loader.apply_decisions(loaded.project, file)
    assert refused.value.code == "decisions-refused"
    assert f"{file}, {said}" in refused.value.problem
    assert (loaded.snapshot(), loaded.query(_RULES)) == (before, [])


def test_what_is_no_file_of_decisions_is_refused(acme: ProjectUnderTest) -> None:
    export = acme.write("a.csv", meta_csv())
    for file, said in (
        (export, "is not a file of decisions: its columns are"),
        (export.with_name("none.csv"), "can't be read: No such file or directory"),
        (acme.write("b.csv", b"\xff\xfe\x00"), "can't be read"),
        (acme.write("empty.csv", ""), "is not a file of decisions: its columns are none"),
    ):
        run = acme.spark9("mapping", "apply", str(file))
        assert (run.code, said in run.text) == (3, True), run.text


def test_a_default_for_a_core_column_needs_no_type(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(2)), 1)
    file = _file(acme, "acme/meta/2024,Impressions,1,core,impressions,,,true,0\n")
    assert acme.spark9("mapping", "apply", str(file)).code == 0
    found = f"select column_type, default_value, decided_by from {SCHEMA}.wave_schema_mapping where target_column = 'impressions'"
    assert acme.query(found) == [("integer", "0", "person")]
    assert acme.spark9("mapping", "apply", str(file)).text.endswith("is here already.")


@pytest.mark.slow
def test_a_misspelt_target_in_a_file_is_refused_with_its_line_unless_it_is_called_new(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", video_csv(2, day="2024-02-01")), 1)
    lines = (_PROMOTED, "acme/meta/2024,Video plays,2,additional,clikcs,,,false,\n")
    file = str(_file(acme, *lines))
    refused = acme.spark9("mapping", "apply", file)
    assert refused.code == 3
    assert "line 3: There is no column 'clikcs' yet; did you mean 'clicks'? If not, mark it as new: " in refused.text
    assert acme.query(_RULES) == []
    marked = acme.write(
        "marked.csv", ",".join(COLUMNS) + "\n" + lines[0].replace("\n", ",\n") + lines[1].replace("\n", ",true\n")
    )
    assert acme.spark9("mapping", "apply", str(marked)).code == 0
    # what is decided is a column of the client, and exported as such
    assert acme.spark9("mapping", "apply", file).code == 0
    assert acme.spark9("mapping", "export", str(marked)).code == 0
    assert "acme/meta/2024,Video plays,2,additional,clikcs,,,false,,true\n" in marked.read_text()
    wrong = acme.write("wrong.csv", marked.read_text().replace("true\n", "yes\n"))
    assert "line 3: new_target must be true or false, not 'yes'" in acme.spark9("mapping", "apply", str(wrong)).text
    core = _file(acme, "acme/meta/2024,Video plays,2,core,clikcs,integer,,false,\n", name="core.csv")
    with pytest.raises(Spark9Error, match=r"did you mean 'clicks'\?$|not a core column"):
        loader.apply_decisions(acme.project, core)
    # the own key of a header, however it is spelt
    own = _file(acme, "acme/meta/2024,Clikcs (USD),5,promote,clikcs,integer,,false,\n", name="own.csv")
    assert acme.spark9("mapping", "apply", str(own)).code == 0
