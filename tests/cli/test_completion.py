"""The shell is offered the clients of the registry and the waves that are loaded."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import duckdb
import pytest

from tests.support import BIN, ProjectUnderTest
from tests.written import meta_csv


def offered(project: ProjectUnderTest, line: str, **environment: str) -> list[str]:
    """What bash is told for a line that ends where the cursor stands."""
    words = line.split(" ")
    done = subprocess.run(
        [str(BIN / "spark9")],
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            **environment,
            "_SPARK9_COMPLETE": "complete_bash",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(words) - 1),
        },
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout.split()


@pytest.fixture(scope="module")
def clients(parsed_acme: ProjectUnderTest, tmp_path_factory: pytest.TempPathFactory) -> ProjectUnderTest:
    """Three clients; acme/meta/2024 has waves 1, 2 and 10."""
    acme = parsed_acme.copy(tmp_path_factory.mktemp("completed"))
    acme.add("acme", "tiktok", 2025)
    acme.add("zebra", "meta", 2024)
    for wave in (1, 2, 10):
        acme.load(acme.write(f"{wave}.csv", meta_csv(2, day=f"2024-01-{wave:02d}")), wave)
    return acme


def test_clients_of_the_registry_are_offered(clients: ProjectUnderTest) -> None:
    everything = ["acme/meta/2024", "acme/tiktok/2025", "zebra/meta/2024"]
    assert offered(clients, "spark9 log --client ") == everything
    assert offered(clients, "spark9 log --client ac") == everything[:2]
    assert offered(clients, "spark9 client grant z") == everything[2:]
    assert offered(clients, "spark9 log --client acme --platform ") == ["meta", "tiktok"]
    assert offered(clients, "spark9 log --client acme --platform tiktok --year ") == ["2025"]


def test_loaded_waves_of_the_client_are_offered(clients: ProjectUnderTest) -> None:
    assert offered(clients, "spark9 reprocess --client acme/meta/2024 --wave ") == ["1", "2", "10"]
    assert offered(clients, "spark9 reprocess --client acme/meta/2024 --wave 1") == ["1", "10"]
    assert offered(clients, "spark9 reprocess --wave ", SPARK9_CLIENT="acme/meta/2024") == ["1", "2", "10"]
    assert offered(clients, "spark9 reprocess --client zebra/meta/2024 --wave ") == []


def test_nothing_is_offered_where_nothing_can_be_known(clients: ProjectUnderTest, tmp_path: Path) -> None:
    assert offered(clients, "spark9 reprocess --wave ") == []
    assert offered(clients, f"spark9 --project-dir {tmp_path} log --client ") == []
    with duckdb.connect(str(clients.database)):
        assert offered(clients, "spark9 reprocess --client acme/meta/2024 --wave ") == []
