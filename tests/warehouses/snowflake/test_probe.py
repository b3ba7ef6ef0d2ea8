"""`spark9 doctor --probe` passes on the emulator, finds faults that were mended when they are put back, and leaves nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from loader.errors import ExitCode, NameRefusedError, Spark9Error
from ops.probe.checks import CHECKS
from ops.probe.model import Check, Result
from ops.probe.running import all_checks, probe
from ops.probe.throwaway import COMMENT, Names
from tests.support import ProjectUnderTest, copy_project
from tests.warehouses.snowflake.support import Accounts, SnowflakeProject

NAME = "spark9_probe"


def left_on(account: SnowflakeProject) -> dict[str, object]:
    """All that a probe could leave on an account."""
    asked = (
        "roles",
        "warehouses",
        "resource monitors",
        f"databases like '{NAME}'",
        "users like 'spark9_probe_admin_user'",
    )
    return {what: account.query(f"show {what}") for what in asked} | {
        "members": account.query("show grants of role sysadmin"),
        "share": account.query(f"show shares like '{NAME}_share'"),
    }


def with_needed(*names: str) -> list[Check]:
    """Some checks, with those that they need."""
    by_name = {check.name: check for check in all_checks()}
    wanted = list(names)
    for name in wanted:
        if (needed := by_name[name].needs) and needed not in wanted:
            wanted.append(needed)
    return [check for check in all_checks() if check.name in wanted]


def probed(account: SnowflakeProject, *names: str) -> dict[str, Result]:
    """How some checks end, and those that they need."""
    results = probe(account.project, NAME, lambda _: None, checks=with_needed(*names))
    return {result.name: result for result in results}


def patched(account: SnowflakeProject, path: str, before: str, after: str) -> None:
    """Put a fault in a file of the project."""
    file = account.root / path
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


@pytest.mark.slow
def test_the_probe_passes_on_the_emulator_and_leaves_nothing(empty_account: SnowflakeProject) -> None:
    before = left_on(empty_account)
    done = empty_account.spark9("doctor", "--probe")
    assert done.code == 0, done.text
    assert all(check.name in done.text for check in all_checks())
    skipped = [line for line in done.out.splitlines() if line.startswith("skip")]
    assert len(skipped) == 2, done.out
    assert "no models of customer 360" in done.text
    assert f"{len(all_checks()) - 2} passed, 2 skipped" in done.text
    assert left_on(empty_account) == before
    assert not list(empty_account.root.glob("target/probe/*"))


# where it is, what is there now, what was before, and the check that must find it
FAULTS = {
    "users have all roles at once": (
        "macros/account/service_user_ddl.sql", "default_secondary_roles = ()", "default_secondary_roles = (\\'ALL\\')",
        "sign-in without secondary roles", "count too, whatever its role",
    ),
    "a session is altered inside of a transaction": (
        "macros/adapters/statements.sql", "begin transaction;\n", "begin transaction;\nalter session set lock_timeout = 10;\n",
        "only DML between begin and commit", "alter session set lock_timeout = 10",
    ),
    "the session says how dates are written": (
        "macros/adapters/dates.sql", "try_to_date({{ expression }}, {{ text_literal(snowflake) }})", "try_to_date({{ expression }})",
        "days are read as on DuckDB", "'2024-01-31' (iso) is ['None', 'None'] instead of ['2024-01-31', 'None']",
    ),
    "two graphs execute one project object": (
        "macros/native/native_tasks_ddl.sql", "{% endmacro %}",
        "create or replace task {{ native }}.build_now warehouse = transforming_wh as "
        "execute dbt project {{ native }}.spark9 args = 'build';\n{% endmacro %}",
        "procedures, streams and tasks are made", "could execute SPARK9_PROBE.NATIVE.SPARK9 at once",
    ),
    "grants are copied, so that there are no future ones": (
        "dbt_project.yml", "    +transient: true\n", "    +transient: true\n    +copy_grants: true\n",
        "readers see what was built", "has no SELECT on TABLE SPARK9_PROBE.MARTS.WAVES",
    ),
    "the loader may not see the marts": (
        "macros/account/shared_schemas_ddl.sql", "['analyst', 'developer', 'loader']", "['analyst', 'developer']",
        "build again", "MARTS",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    "fault", [pytest.param(name, marks=pytest.mark.slow if at else ()) for at, name in enumerate(FAULTS)]
)
def test_a_fault_that_is_put_back_is_found(empty_account: SnowflakeProject, fault: str) -> None:
    path, before, after, name, said = FAULTS[fault]
    patched(empty_account, path, before, after)
    untouched = left_on(empty_account)
    # beside it, what sends the block of a hook without a build
    result = probed(empty_account, name, "a block rolls back and raises")[name]
    assert (result.status, said in result.finding) == ("failed", True), result
    assert result.remedy
    assert left_on(empty_account) == untouched


@pytest.mark.slow
@pytest.mark.parametrize("is_broken", [False, True])
def test_an_area_has_checks_of_its_own_that_find_a_model_with_lower_case_columns(
    accounts: Accounts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_broken: bool
) -> None:
    name = "the churn model is trained in Snowpark"
    root = copy_project(tmp_path / "project", "customer_360")
    with accounts.forks.running(tmp_path) as emulator:
        for variable, value in emulator.environment().items():
            monkeypatch.setenv(variable, value)
        account = SnowflakeProject(root, emulator)
        if is_broken:
            model = "areas/customer_360/models/customer_360/churn/gold__churn_scores.py"
            patched(account, model, "result.rename(columns=str.upper)", "result")
        results = probed(account, name)
    assert results["customer 360 is generated and built"].status == "passed", results
    assert results[name].status == ("failed" if is_broken else "passed"), results[name]
    assert ("gold__churn" in results[name].finding) == is_broken, results[name]


def interrupted_after(count: int) -> Callable[[Result], None]:
    """What interrupts a probe as Ctrl-C does, once some checks have ended."""
    told: list[Result] = []

    def tell(result: Result) -> None:
        told.append(result)
        if len(told) == count:
            raise KeyboardInterrupt

    return tell


@pytest.mark.slow
def test_an_interrupted_probe_leaves_nothing_and_goes_on_after_what_passed(empty_account: SnowflakeProject) -> None:
    before = left_on(empty_account)
    some = list(CHECKS[:6])
    with pytest.raises(KeyboardInterrupt):
        probe(empty_account.project, NAME, interrupted_after(4), checks=some)
    assert left_on(empty_account) == before
    again = probe(empty_account.project, NAME, interrupted_after(99), checks=[*some[:5], broken()])
    assert [result.status for result in again] == [
        "passed", "passed before", "passed", "passed before", "passed", "failed",
    ]  # fmt: skip
    anew = probe(empty_account.project, NAME, interrupted_after(99), checks=some, anew=True)
    assert [result.status for result in anew] == ["passed"] * 6
    assert left_on(empty_account) == before


def broken() -> Check:
    """A check that fails."""
    sane = CHECKS[5]
    return Check(
        "a check that fails",
        sane.job,
        "None.",
        tuple(sane.steps[1:2]) * 2
        + (
            type(sane.steps[0])(
                "select",
            ),
        ),
    )


@pytest.mark.slow
def test_the_time_is_limited(empty_account: SnowflakeProject) -> None:
    results = probe(empty_account.project, NAME, lambda _: None, checks=CHECKS[:2], seconds=0)
    assert [(result.status, result.finding) for result in results] == [
        ("failed", "not tried: the time is over"), ("failed", "not tried: it needs 'set-up'"),
    ]  # fmt: skip


@pytest.mark.slow
def test_what_no_probe_made_is_not_touched(empty_account: SnowflakeProject) -> None:
    empty_account.change(f"create database {NAME} comment = 'ours'")
    done = empty_account.spark9("doctor", "--probe")
    assert done.code == ExitCode.REFUSED
    assert "error (probe-name-taken)" in done.text
    assert empty_account.query(f"show databases like '{NAME}'") == [(NAME.upper(), "ours")]
    empty_account.change("create role other_probe_admin")
    with pytest.raises(Spark9Error, match="The role other_probe_admin exists, and no probe made it"):
        probe(empty_account.project, "other_probe", lambda _: None, checks=CHECKS[:1])
    assert empty_account.query("show databases like 'other_probe'") == []


@pytest.mark.slow
def test_what_a_killed_probe_left_is_dropped(empty_account: SnowflakeProject) -> None:
    before = left_on(empty_account)
    empty_account.change(f"create database {NAME} comment = '{COMMENT}'")
    empty_account.change(f"create role {NAME}_loader")
    assert [result.status for result in probe(empty_account.project, NAME, lambda _: None, checks=CHECKS[:1])] == [
        "passed"
    ]
    assert left_on(empty_account) == before


@pytest.mark.slow
def test_a_drop_that_fails_is_told_with_its_statement(empty_account: SnowflakeProject) -> None:
    def share_it(result: Result) -> None:
        if result.name == "set-up":
            empty_account.change("create share somebodys")
            empty_account.change(f"grant usage on database {NAME} to share somebodys")

    results = probe(empty_account.project, NAME, share_it, checks=CHECKS[:1])
    assert [(result.status, result.name) for result in results] == [
        ("passed", "set-up"), ("not dropped", f"drop database if exists {NAME}"),
    ]  # fmt: skip
    assert "grants to shares" in results[-1].finding
    assert results[-1].remedy == f"Run it yourself: drop database if exists {NAME};"


def test_a_probe_is_for_snowflake(project: ProjectUnderTest) -> None:
    done = project.spark9("doctor", "--probe")
    assert done.code == ExitCode.USAGE
    assert "is not on Snowflake" in done.text


@pytest.mark.parametrize("name", ["", "Probe", "a__b", "a;b", "1a", "a" * 41])
def test_a_name_that_could_not_be_part_of_others_is_refused(name: str) -> None:
    with pytest.raises(NameRefusedError):
        Names(name)


def test_each_check_comes_after_the_one_that_it_needs() -> None:
    names = [check.name for check in all_checks()]
    assert len(set(names)) == len(names)
    assert all(check.remedy for check in all_checks())
    for at, check in enumerate(all_checks()):
        assert not check.needs or check.needs in names[:at], check.name
