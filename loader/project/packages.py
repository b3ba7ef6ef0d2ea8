"""Fetch the dbt packages of packages.yml, or put a placeholder where the package hub can't be reached.

dbt stops every command until each package of packages.yml has a folder; an empty one satisfies it.

Example: python -m loader.project.packages
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import yaml

TIMEOUT_SECONDS = 120

_log = logging.getLogger(__name__)


def fetch_packages(root: Path) -> bool:
    """Run `dbt deps`; true if it succeeded. Otherwise each package has at least a placeholder.

    A package that an earlier `dbt deps` has fetched stays as it is.

    Args:
        root: the project's folder.

    """
    packages = yaml.safe_load((root / "packages.yml").read_text(encoding="utf-8"))["packages"]
    names = [str(package["package"]).rpartition("/")[2] for package in packages]
    fetched = _dbt_deps(root)
    for name in names:
        folder = root / "dbt_packages" / name
        if not (folder / "dbt_project.yml").is_file():
            write_placeholder(folder)
    (root / "dbt_packages" / ".done").touch()
    return fetched


def write_placeholder(folder: Path) -> None:
    """Write a package that satisfies dbt. Its disabled model has what dbt_project.yml configures for the package.

    Args:
        folder: the package's, named as the package.

    """
    models = folder / "models"
    models.mkdir(parents=True, exist_ok=True)
    (folder / "dbt_project.yml").write_text(f"name: {folder.name}\nversion: '0.0.0'\n", encoding="utf-8")
    (models / f"{folder.name}_placeholder.sql").write_text("{{ config(enabled=false) }}\nselect 1 as one\n", "utf-8")


def _dbt_deps(root: Path) -> bool:
    command = [str(Path(sys.executable).with_name("dbt")), "--quiet", "deps"]
    environment = {**os.environ, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
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


def main() -> None:
    """Fetch the packages of the project in the current folder."""
    logging.basicConfig(format="%(message)s", level=logging.INFO)
    if fetch_packages(Path.cwd()):
        _log.info("dbt packages are installed; turn monitoring on with SPARK9_ELEMENTARY=true")
    else:
        _log.info("the dbt package hub can't be reached: dbt_packages has placeholders, and monitoring is off")


if __name__ == "__main__":
    main()
