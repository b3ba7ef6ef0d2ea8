"""Every error that the loader can raise is explained, and every explained one exists."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

import loader
import ops
from loader.errors import Spark9Error
from loader.waves.decisions import MappingChange
from tests.support import ACME, ROOT, ProjectUnderTest, witnesses
from tests.written import meta_csv

_RAISED = re.compile(r'(?:Error|super\(\).__init__)\(\s*\n?\s*"([a-z]+(?:-[a-z]+)+)"|(?:error_|\b)code="([a-z-]+)"')
_OTHER = re.compile(r'(?:return|else|if full else) "([a-z]+-[a-z]+(?:-[a-z]+)*)"|"(disk-full|no-privilege)"')


def test_the_list_of_errors_is_the_loaders() -> None:
    files = [
        path
        for package in ("loader", "ops", "app", "areas")
        for path in (ROOT / package).rglob("*.py")
        if "tests" not in path.relative_to(ROOT).parts
    ]
    source = "\n".join(path.read_text(encoding="utf-8") for path in files)
    raised = {code for found in _RAISED.findall(source) + _OTHER.findall(source) for code in found if code}
    pages = [ROOT / "docs" / "errors.md", *ROOT.glob("areas/*/docs/errors.md")]
    lines = [line for page in pages for line in page.read_text(encoding="utf-8").splitlines()]
    rows = [line.split("|")[1] for line in lines if line.startswith("| ") and not line.startswith("| code")]
    explained = {code.strip() for row in rows for code in row.split(",")}
    not_codes = {"day-first", "month-first"}
    assert raised - explained - not_codes == set()
    assert {code for code in explained if not re.search(f"[\"']{code}[\"']", source)} == set()


@pytest.mark.parametrize(
    ("stage", "wave"),
    witnesses([("reprocess", 7), ("rollback", 7), ("mapping", 7), ("mapping", None), ("compare", 7)], quick=2),
)
def test_a_refused_command_stands_in_the_log_with_its_code(
    acme: ProjectUnderTest, stage: str, wave: int | None
) -> None:
    acme.load(acme.write("a.csv", meta_csv()), 1)
    commands: dict[tuple[str, int | None], Callable[[], object]] = {
        ("reprocess", 7): lambda: loader.reprocess_wave(acme.project, ACME, 7),
        ("rollback", 7): lambda: loader.rollback_wave(acme.project, ACME, 7),
        ("mapping", 7): lambda: loader.set_mapping(acme.project, ACME, 7, "x", MappingChange(rule="ignore")),
        ("mapping", None): lambda: loader.accept_suggestion(acme.project, ACME, "x"),
        ("compare", 7): lambda: ops.compare_wave(acme.project, ACME, 7, acme.write("r.csv", "a\n1\n"), ["ad_name"]),
    }
    with pytest.raises(Spark9Error) as caught:
        commands[stage, wave]()
    logged = acme.query(
        "select processing_stage, wave_number, error_code, error_message from client_acme_meta_2024.processing_log "
        "where status = 'ERROR'"
    )
    assert logged == [(stage.upper(), wave, caught.value.code, caught.value.problem)]
