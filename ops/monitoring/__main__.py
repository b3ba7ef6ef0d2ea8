"""Run elementary on the target: build its models, look for anomalies in the marts, write the report.

Without an environment, only see to its dbt package: `make monitoring` does so before it installs the rest.

Example: python -m ops.monitoring .venv-monitoring
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from loader.errors import Spark9Error
from loader.project.packages import link_package, packages_fetched, placeholders, write_placeholder
from loader.project.profile import profiles_file, read_yaml
from loader.project.project import Project, find_project

PACKAGE = "elementary"
PACKAGE_FOLDER = "SPARK9_ELEMENTARY_PACKAGE"
FOLDER = Path("target") / "monitoring"
_WHERE_EDR_LOOKS = "from elementary.monitor.dbt_project_utils import CLI_DBT_PROJECT_PATH as path; print(path)"


class PackageMissingError(Spark9Error):
    """There is no elementary to run."""

    def __init__(self, reason: str) -> None:
        """Say what was tried."""
        super().__init__(
            "no-monitoring-package",
            f"The dbt package elementary is missing: {reason}.",
            unchanged="Nothing was built.",
            remedy=f"Run this where the dbt package hub can be reached, or set {PACKAGE_FOLDER} to a folder with it.",
        )


def monitor(project: Project, environment: Path, as_of: str = "") -> int:
    """Build elementary's models, run its tests, write the report; the exit code of the tests.

    Args:
        project: what is monitored, on its target.
        environment: the virtual environment that has `edr`.
        as_of: the day on which the look-back ends; empty for today.

    Raises:
        PackageMissingError: neither the hub nor a folder has the package.

    """
    left_out = provide_package(project)
    folder = project.root / FOLDER
    packages = folder / "dbt_packages"
    if os.environ.get(PACKAGE_FOLDER):
        for name in (PACKAGE, "dbt_utils"):
            link_package((packages / name).resolve(), _of_edr(environment) / name)
    variables = _variables(project, packages)
    _write_settings(project, folder)
    if left_out:
        sys.stdout.write(
            f"Changes of columns are not looked for: dbt_utils is not beside {os.environ[PACKAGE_FOLDER]}.\n"
        )
    dbt = [str(Path(sys.executable).with_name("dbt")), "--quiet"]
    common = ["--target", project.target.name, "--target-path", str(folder)]
    if as_of:
        common += ["--vars", yaml.safe_dump({"custom_run_started_at": f"{as_of}T23:59:59"}, default_flow_style=True)]
    tests = ["test", "--select", "tag:monitoring", *(("--exclude", *left_out) if left_out else ())]
    for arguments in (["run", "--select", f"package:{PACKAGE}"], tests):
        code = _run([*dbt, *arguments, *common], project.root, variables)
        if code and arguments[0] == "run":
            return code
    report = folder / "report.html"
    edr = [str(environment / "bin" / "edr"), "report", "--open-browser", "false", "--disable-samples", "true"]
    settings = ["--profiles-dir", str(folder), "--config-dir", str(folder), "--file-path", str(report)]
    # `edr` takes the project of the current folder for one whose packages it should fetch
    return _run([*edr, *settings], folder, variables) or code


def _variables(project: Project, packages: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DBT_PROFILES_DIR": str(project.profiles_folder),
        "SPARK9_DBT_PACKAGES": str(packages),
        "SPARK9_ELEMENTARY": "true",
    }


def provide_package(project: Project) -> list[str]:
    """Have dbt find the package; the tests that have to be left out.

    Args:
        project: what is monitored.

    Raises:
        PackageMissingError: neither the hub nor a folder has the package.

    """
    packages = project.root / FOLDER / "dbt_packages"
    packages.mkdir(parents=True, exist_ok=True)
    given = os.environ.get(PACKAGE_FOLDER, "")
    if not given:
        if not packages_fetched(project.root, packages):
            raise PackageMissingError("the dbt package hub can't be reached")
        return []
    _check(Path(given))
    utils = Path(given).resolve().parent / "dbt_utils"
    link_package(Path(given), packages / PACKAGE)
    if utils.is_dir():
        link_package(utils, packages / utils.name)
    else:
        write_placeholder(packages / utils.name)
    placeholders(project.root, packages)
    return [] if utils.is_dir() else ["test_name:schema_changes"]


def _check(package: Path) -> None:
    try:
        found = read_yaml((package / "dbt_project.yml").read_text(encoding="utf-8"))["name"]
    except (OSError, KeyError):
        found = None
    if found != PACKAGE:
        raise PackageMissingError(f"{PACKAGE_FOLDER} is {package}, which is not a folder with it")


def _of_edr(environment: Path) -> Path:
    """Where `edr` has the packages of its own dbt project."""
    python = environment / "bin" / "python"
    done = subprocess.run(  # noqa: S603 - our own environment
        [str(python), "-c", _WHERE_EDR_LOOKS], capture_output=True, text=True, check=True
    )
    return Path(done.stdout.strip()) / "dbt_packages"


def _write_settings(project: Project, folder: Path) -> None:
    """The profile `elementary`: the project's own target, with elementary's schema; and no usage statistics."""
    profiles: dict[str, Any] = dict(read_yaml(profiles_file(project.root).read_text(encoding="utf-8")))
    output = dict(profiles[project.settings["profile"]]["outputs"][project.target.name])
    output["schema"] = project.schema_name(PACKAGE)
    if project.target.type == "duckdb":
        output["path"] = str(project.root / str(project.target.settings["path"]))
    profile = {PACKAGE: {"target": project.target.name, "outputs": {project.target.name: output}}}
    for name, content in (("profiles.yml", profile), ("config.yml", {"anonymous_usage_tracking": False})):
        (folder / name).write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def _run(command: Sequence[str], folder: Path, variables: Mapping[str, str]) -> int:
    return subprocess.run(command, cwd=folder, env=variables, check=False).returncode  # noqa: S603 - our own dbt and edr


def main() -> None:
    """Monitor the project of the current folder."""
    parser = argparse.ArgumentParser(prog="python -m ops.monitoring", description=__doc__)
    parser.add_argument("environment", type=Path, nargs="?", help="the virtual environment with edr")
    parser.add_argument("--as-of", default="", help="the day on which the look-back ends, YYYY-MM-DD; today if omitted")
    given = parser.parse_args()
    project = find_project()
    try:
        if given.environment is None:
            provide_package(project)
            return
        code = monitor(project, given.environment.resolve(), given.as_of)
    except Spark9Error as error:
        sys.exit(str(error))
    if not code:
        sys.stdout.write(f"The report is {FOLDER / 'report.html'}.\n")
    sys.exit(code)


if __name__ == "__main__":
    main()
