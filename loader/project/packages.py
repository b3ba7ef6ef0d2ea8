"""Fetch the dbt packages of packages.yml, or put a placeholder where the package hub can't be reached.

dbt stops every command until each package of packages.yml has a folder; an empty one satisfies it.

Example: python -m loader.project.packages
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

TIMEOUT_SECONDS = 120

_log = logging.getLogger(__name__)


def fetch_packages(root: Path) -> bool:
    """Run `dbt deps`; true if it succeeded. Otherwise each package has at least a placeholder.

    A package that an earlier `dbt deps` has fetched stays as it is.

    Args:
        root: the project's folder.

    """
    folder = root / "dbt_packages"
    fetched = packages_fetched(root, folder)
    placeholders(root, folder)
    return fetched


def packages_fetched(root: Path, folder: Path) -> bool:
    """Have dbt fetch the packages of packages.yml into a folder; false where the hub can't be reached.

    Args:
        root: the project's folder.
        folder: where the packages go.

    """
    command = [str(Path(sys.executable).with_name("dbt")), "--quiet", "deps"]
    environment = {**os.environ, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "SPARK9_DBT_PACKAGES": str(folder)}
    lock_existed = (root / "package-lock.yml").exists()
    try:
        done = subprocess.run(  # noqa: S603 - our own dbt
            command, cwd=root, capture_output=True, timeout=TIMEOUT_SECONDS, check=False, env=environment
        )
    except subprocess.TimeoutExpired:
        done = None
    if done is not None and done.returncode == 0:
        return True
    if not lock_existed:
        (root / "package-lock.yml").unlink(missing_ok=True)
    return False


def placeholders(root: Path, folder: Path) -> None:
    """Give each package of packages.yml that has no folder one that dbt takes for it.

    Args:
        root: the project's folder.
        folder: where packages are.

    """
    settings = yaml.safe_load((root / "dbt_project.yml").read_text(encoding="utf-8"))
    for package in yaml.safe_load((root / "packages.yml").read_text(encoding="utf-8"))["packages"]:
        name = str(package["package"]).rpartition("/")[2]
        write_placeholder(
            folder / name,
            [
                *(path.with_suffix(".sql") for path in _configured(settings["models"].get(name, {}), Path("models"))),
                *(path.with_suffix(".csv") for path in _configured(settings["seeds"].get(name, {}), Path("seeds"))),
            ],
        )


def _configured(config: Mapping[str, Any], folder: Path) -> Iterator[Path]:
    """The nodes of a package that dbt_project.yml configures by name, without their file's ending."""
    for name, part in config.items():
        if isinstance(part, Mapping) and not name.startswith("+"):
            yield from list(_configured(part, folder / name)) or [folder / name]


def write_placeholder(package: Path, nodes: Sequence[Path] = ()) -> None:
    """Make a folder that dbt takes for a package, unless it is there.

    Args:
        package: the folder.
        nodes: files of models and seeds that dbt_project.yml configures; without them dbt would warn.

    """
    project_file = package / "dbt_project.yml"
    if project_file.is_file() and "version: '0.0.0'" not in project_file.read_text(encoding="utf-8"):
        return
    package.mkdir(parents=True, exist_ok=True)
    project_file.write_text(f"name: {package.name}\nversion: '0.0.0'\n", encoding="utf-8")
    for path in (Path("models") / f"{package.name}_placeholder.sql", *nodes):
        (package / path).parent.mkdir(parents=True, exist_ok=True)
        text = "{{ config(enabled=false) }}\nselect 1 as one\n" if path.suffix == ".sql" else "one\n1\n"
        (package / path).write_text(text, encoding="utf-8")


def link_package(package: Path, place: Path) -> None:
    """Have dbt find a package that is in a folder elsewhere.

    Args:
        package: the folder that has it.
        place: where dbt looks for it.

    """
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.is_symlink():
        place.unlink()
    elif place.exists():
        shutil.rmtree(place)
    place.symlink_to(package.resolve(), target_is_directory=True)


def main() -> None:
    """Give the project of the current folder its packages: fetched, or with --placeholders what dbt takes for them."""
    logging.basicConfig(format="%(message)s", level=logging.INFO)
    root = Path.cwd()
    if sys.argv[1:] == ["--placeholders"]:
        placeholders(root, root / "dbt_packages")
    elif fetch_packages(root):
        _log.info("dbt packages are installed; turn monitoring on with SPARK9_ELEMENTARY=true")
    else:
        _log.info("the dbt package hub can't be reached: dbt_packages has placeholders, and monitoring is off")


if __name__ == "__main__":
    main()
