"""The dbt project as it runs inside Snowflake: `make native-project`, then `snow dbt deploy` (docs/snowflake.md).

EXECUTE DBT PROJECT supports no environment variables, and no packages are installed there. So what dbt reads of the
last commit is copied to a folder, with `native/profiles.yml`, and `env_var('NAME', default)` becomes
`var('NAME', value)`: the default, or for a location what the environment variable is now. `args = '... --vars ...'`
can say otherwise.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path

import yaml

from loader.errors import ProjectError

_READ_BY_DBT = re.compile(
    r"dbt_project\.yml|selectors\.yml|(macros|models|seeds|tests/data|ops/evaluator|areas/\w+/(macros|models|seeds))/.*"
)
_ENV_VAR = re.compile(r"env_var\(\s*'(\w+)'\s*(?:,\s*((?:[^()]|\([^()]*\))*?)\s*)?\)")


def without_variables(text: str, environment: Mapping[str, str]) -> str:
    """A text of the project with project variables in the place of environment variables.

    Raises:
        ProjectError: a variable without a default is not set, or a location is none.

    """

    def value(match: re.Match[str]) -> str:
        name, default = match.groups()
        if name.endswith("_LOCATION") and name in environment:
            if re.search(r"['\"\\{}]", environment[name]):
                raise ProjectError(f"{name} holds a character that no location has.", "Correct it, and run it again.")
            default = f"'{environment[name]}'"
        if default is None:
            raise ProjectError(f"The environment variable {name} is not set.", f"Set {name}, and run it again.")
        return f"var('{name}', {default})"

    return _ENV_VAR.sub(value, text)


def write_native_project(root: Path, folder: Path, environment: Mapping[str, str]) -> int:
    """Write the project for `snow dbt deploy --source`; how many files it has.

    Args:
        root: of the project, a clone of its repository.
        folder: where to write it; it must not exist, or be empty.
        environment: the values of environment variables.

    Raises:
        ProjectError: the folder has files, the project is no clone, or a variable without a default is not set.

    """
    if folder.exists() and any(folder.iterdir()):
        raise ProjectError(f"{folder} is not empty.", "Remove it, and run it again.")
    command = ["git", "archive", "HEAD"]
    made = subprocess.run(command, cwd=root, capture_output=True, check=False)  # noqa: S603 - nothing of it is given
    if made.returncode:
        problem = made.stderr.decode(errors="replace").strip()
        raise ProjectError(f"{root} can't be archived: {problem}", "Run it in a clone of the repository.")
    with tarfile.open(fileobj=io.BytesIO(made.stdout)) as archive:
        read = [member for member in archive.getmembers() if _READ_BY_DBT.fullmatch(member.name)]
        archive.extractall(folder, read, filter="data")
    profile = (root / "native" / "profiles.yml").read_text(encoding="utf-8")
    (folder / "profiles.yml").write_text(_with_settings(profile, folder, environment), encoding="utf-8")
    files = [path for path in folder.rglob("*") if path.is_file()]
    for path in files:
        if path.suffix in (".yml", ".sql"):
            text = path.read_text(encoding="utf-8")
            path.write_text(without_variables(text, environment), encoding="utf-8")
    return len(files)


def _with_settings(profile: str, folder: Path, environment: Mapping[str, str]) -> str:
    """The profile with the project's own role and warehouse of the transformer, and the database of the environment."""
    settings = yaml.safe_load((folder / "dbt_project.yml").read_text(encoding="utf-8"))
    snowflake = settings["vars"][settings["name"]]["snowflake"]
    given = {
        "role": snowflake["roles"]["transformer"],
        "warehouse": next(name for name, one in snowflake["warehouses"].items() if "transformer" in one["roles"]),
        "database": environment.get("SNOWFLAKE_DATABASE", "spark_no9_main"),
    }
    for key, value in given.items():
        profile = re.sub(rf"(?m)^( +{key}: ).*$", rf"\g<1>{value}", profile)
    return profile


def put_statements(folder: Path, stage: str) -> list[str]:
    """The statements that put a written project on a stage, to create a dbt project object of it.

    Args:
        folder: of the project.
        stage: its name.

    """
    # a wildcard that also found a folder would be refused, and no folder has a dot in its name
    folders = [folder, *sorted(path for path in folder.rglob("*") if path.is_dir())]
    return [
        f"put 'file://{path}/*.*' @{stage}/{path.relative_to(folder).as_posix()}".removesuffix("/.")
        + " auto_compress = false overwrite = true"
        for path in folders
        if any(path.glob("*.*"))
    ]


def main() -> None:
    """Write it to the folder that the command line names."""
    folder = Path(sys.argv[1])
    count = write_native_project(Path.cwd(), folder, os.environ)
    sys.stdout.write(f"{folder}: {count} files for `snow dbt deploy --source {folder}`\n")


if __name__ == "__main__":
    main()
