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

from loader.errors import ProjectError

_READ_BY_DBT = (
    "dbt_project.yml",
    "selectors.yml",
    "macros",
    "models",
    "seeds",
    "tests/data",
    ":(glob)areas/*/macros/**",
    ":(glob)areas/*/models/**",
    ":(glob)areas/*/seeds/**",
    "ops/evaluator",
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
    command = ["git", "archive", "HEAD", "--", *_READ_BY_DBT]
    made = subprocess.run(command, cwd=root, capture_output=True, check=False)  # noqa: S603 - nothing of it is given
    if made.returncode:
        problem = made.stderr.decode(errors="replace").strip()
        raise ProjectError(f"{root} can't be archived: {problem}", "Run it in a clone of the repository.")
    with tarfile.open(fileobj=io.BytesIO(made.stdout)) as archive:
        archive.extractall(folder, filter="data")
    (folder / "profiles.yml").write_bytes((root / "native" / "profiles.yml").read_bytes())
    files = [path for path in folder.rglob("*") if path.is_file()]
    for path in files:
        if path.suffix in (".yml", ".sql"):
            text = path.read_text(encoding="utf-8")
            path.write_text(without_variables(text, environment), encoding="utf-8")
    return len(files)


def main() -> None:
    """Write it to the folder that the command line names."""
    folder = Path(sys.argv[1])
    count = write_native_project(Path.cwd(), folder, os.environ)
    sys.stdout.write(f"{folder}: {count} files for `snow dbt deploy --source {folder}`\n")


if __name__ == "__main__":
    main()
