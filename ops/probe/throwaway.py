"""The throwaway database, roles, users and warehouse of a probe, and a copy of the project that leads there."""

from __future__ import annotations

import json
import os
import re
import shutil
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from loader.clients.registry import Registry
from loader.errors import ExitCode, NameRefusedError, ProjectError, Spark9Error
from loader.names import ClientKey
from loader.project.packages import placeholders
from loader.project.profile import read_target
from loader.project.project import PROJECT_FILE
from loader.warehouses.interface import Session
from loader.workspace import Workspace
from ops.native_project import without_variables

COMMENT = "Made by spark9 doctor --probe, which drops it"
JOBS = ("admin", "loader", "transformer", "analyst", "developer")
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
# what says where Snowflake is, and nothing of who signs in
_PLACE = ("type", "account", "host", "port", "protocol", "connect_timeout")
_NUMBERS = ("port", "connect_timeout")
_CREDITS, _SECONDS = 1, 600


@dataclass(frozen=True)
class Names:
    """The name of all that a probe makes, each beginning with the database's."""

    database: str

    def __post_init__(self) -> None:
        """Refuse a name that is no plain one, or too long for those made of it."""
        if not _NAME.fullmatch(self.database) or len(self.database) > 40:
            raise NameRefusedError(
                f"'{self.database}' can't be the name of the throwaway database: up to 40 lower-case letters, digits "
                "and single underscores, beginning with a letter."
            )

    @property
    def warehouse(self) -> str:
        """The one warehouse, of every job."""
        return f"{self.database}_wh"

    @property
    def share(self) -> str:
        """The share that a check makes."""
        return f"{self.database}_share"

    @property
    def client(self) -> ClientKey:
        """The client that is onboarded."""
        return ClientKey(self.database, "meta", 2024)

    @property
    def called_client(self) -> ClientKey:
        """The client that a procedure makes."""
        return ClientKey(self.database, "linkedin", 2024)

    def role(self, job: str) -> str:
        """The role of a job."""
        return f"{self.database}_{job}"

    def user(self, job: str) -> str:
        """Its user."""
        return f"{self.database}_{job}_user"

    def roles(self) -> list[str]:
        """Every role, those of the clients first."""
        of_clients = [f"{key.name}_{kind}" for key in (self.client, self.called_client) for kind in ("reader", "role")]
        return [*of_clients, *(self.role(job) for job in reversed(JOBS))]

    def drops(self) -> list[str]:
        """The statements that drop all of it; the database, whose comment says whose it is, goes last."""
        return [
            "use role accountadmin",
            f"drop share if exists {self.share}",
            *(f"drop user if exists {self.user(job)}" for job in JOBS),
            *(f"drop role if exists {role}" for role in self.roles()),
            f"drop warehouse if exists {self.warehouse}",
            f"drop resource monitor if exists {self.warehouse}_monitor",
            f"drop database if exists {self.database}",
        ]


def claim(session: Session, names: Names) -> None:
    """Make the throwaway database. What an interrupted probe left behind goes first.

    Raises:
        Spark9Error: something of that name exists that no probe made.

    """
    found = [row for row in session.rows(f"show databases like '{names.database}'") if _is(row, names.database)]
    if found and found[0]["comment"] != COMMENT:
        raise _taken(f"The database {names.database}")
    if found:
        drop_all(session, names)
    else:
        for kind, several in (
            ("role", names.roles()),
            ("user", map(names.user, JOBS)),
            ("warehouse", [names.warehouse]),
        ):
            for name in several:
                if any(_is(row, name) for row in session.rows(f"show {kind}s like '{name}'")):
                    raise _taken(f"The {kind} {name}")
    session.query(f"create database {names.database} comment = '{COMMENT}'")


def drop_all(session: Session, names: Names) -> list[tuple[str, str]]:
    """Drop all that a probe made; each statement that failed, with the error."""
    failed = []
    for statement in names.drops():
        try:
            session.query(statement)
        except Spark9Error as error:
            failed.append((statement, error.problem))
    return failed


def _is(row: Mapping[str, Any], name: str) -> bool:
    return str(row["name"]).lower() == name


def _taken(what: str) -> Spark9Error:
    return Spark9Error(
        "probe-name-taken",
        f"{what} exists, and no probe made it.",
        remedy="Choose another name with --probe-database.",
        exit_code=ExitCode.REFUSED,
    )


def throwaway_project(workspace: Workspace, names: Names, folder: Path) -> Workspace:
    """Copy what dbt and the loader read of the project, with an empty registry and the throwaway names.

    Args:
        workspace: the project, on a target of Snowflake.
        names: of all that the copy leads to.
        folder: where to write it; it is made.

    Raises:
        ProjectError: the target is no Snowflake.

    """
    if workspace.target.type != "snowflake":
        raise ProjectError(
            f"The target '{workspace.target.name}' is not on Snowflake, and a probe is for Snowflake alone.",
            "Run it with SPARK9_TARGET=prod.",
        )
    settings = workspace.settings
    paths = [path for kind in ("model", "macro", "seed", "test") for path in settings[f"{kind}-paths"]]
    for path in [*paths, "packages.yml", "selectors.yml", "samples", "native"]:
        source, goal = workspace.root / path, folder / path
        if source.is_dir():
            shutil.copytree(source, goal, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.is_file():
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, goal)
    for path in sorted((workspace.root / "seeds").glob("client*.csv")):
        header = path.read_text(encoding="utf-8").splitlines()[0]
        (folder / "seeds" / path.name).write_text(f"{header}\n", encoding="utf-8")
    shutil.rmtree(folder / "models" / "clients", ignore_errors=True)
    (folder / "models" / "clients").mkdir(parents=True)
    given = settings["vars"][settings["name"]]["snowflake"]
    _write_settings(folder, settings, given, names)
    _write_profile(folder, settings["profile"], workspace, names)
    placeholders(folder, folder / "dbt_packages")
    copy = as_job(replace(workspace, root=folder), "transformer")
    Registry(copy).regenerate()
    return copy


def as_job(copy: Workspace, job: str) -> Workspace:
    """The copy as one of its users sees it."""
    target = read_target(copy.root / "profiles.yml", copy.settings["profile"], job)
    return Workspace(copy.root, replace(target, loader_settings=target.settings), copy.wait_seconds)


def as_owner(workspace: Workspace) -> Workspace:
    """The project as whoever runs the probe, with the role accountadmin, and in no database."""
    given = {key: value for key, value in workspace.target.settings.items() if key not in ("database", "warehouse")}
    target = replace(workspace.target, loader_settings={**given, "role": "accountadmin"})
    return replace(workspace, target=target)


def _write_settings(folder: Path, settings: dict[str, Any], given: dict[str, Any], names: Names) -> None:
    warehouse = {
        "size": "xsmall", "auto_suspend_seconds": 60, "timeout_seconds": _SECONDS, "credits": _CREDITS, "clusters": 1,
        "roles": [job for job in JOBS if job != "admin"],
    }  # fmt: skip
    ours = {
        **given,
        "roles": {job: names.role(job) for job in JOBS},
        "users": {job: names.user(job) for job in JOBS},
        "warehouses": {names.warehouse: warehouse},
        "client_warehouse": names.warehouse,
    }
    variables = {**settings["vars"], settings["name"]: {**settings["vars"][settings["name"]], "snowflake": ours}}
    text = yaml.safe_dump({**settings, "vars": variables}, allow_unicode=True, sort_keys=False)
    (folder / PROJECT_FILE).write_text(text, encoding="utf-8")


def _write_profile(folder: Path, profile: str, workspace: Workspace, names: Names) -> None:
    """An output for each job, with a key that only this file has, and that goes with it."""
    given = workspace.target.settings
    place = {key: int(given[key]) if key in _NUMBERS else str(given[key]) for key in _PLACE if given.get(key)}

    def output(job: str) -> dict[str, Any]:
        return {
            **place, "user": names.user(job), "private_key_path": str(folder / "key.p8"), "role": names.role(job),
            "database": names.database, "warehouse": names.warehouse, "threads": 8, "reuse_connections": True,
            "schema": names.database if job == "developer" else "main",
            "query_tag": '{"app": "spark9", "target": "probe"}',
        }  # fmt: skip

    outputs = {job: output(job) for job in JOBS} | {"transformer_loader": output("loader")}
    text = yaml.safe_dump({profile: {"target": "{{ env_var('SPARK9_TARGET') }}", "outputs": outputs}}, sort_keys=False)
    (folder / "profiles.yml").write_text(text, encoding="utf-8")


def write_native(copy: Workspace, folder: Path) -> None:
    """Write what EXECUTE DBT PROJECT reads of the copy, as `make native-project` does of the project."""
    for kind in ("model", "macro", "seed", "test"):
        for path in copy.settings[f"{kind}-paths"]:
            if (copy.root / path).is_dir():
                shutil.copytree(copy.root / path, folder / path, dirs_exist_ok=True)
    if (copy.root / "selectors.yml").is_file():
        shutil.copy(copy.root / "selectors.yml", folder / "selectors.yml")
    # one line a text, in which no quote is doubled
    project = json.dumps(copy.settings)
    (folder / PROJECT_FILE).write_text(project, encoding="utf-8")
    for path in folder.rglob("*"):
        if path.suffix in (".yml", ".sql"):
            path.write_text(without_variables(path.read_text(encoding="utf-8"), {}), encoding="utf-8")
    given = {
        key: value
        for key, value in copy.target.settings.items()
        if key in ("type", "database", "role", "warehouse", "schema")
    }
    output = {**{key: str(value) for key, value in given.items()}, "account": "", "user": "", "threads": 8}
    text = yaml.safe_dump({copy.settings["profile"]: {"target": "prod", "outputs": {"prod": output}}})
    (folder / "profiles.yml").write_text(text, encoding="utf-8")


def write_key(folder: Path) -> str:
    """Make the key by which the throwaway users sign in; its public half, as `alter user` takes it."""
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - of the connector, and only for this
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    path = folder / "key.p8"
    path.touch(mode=0o600)
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return b64encode(public).decode()


def environment(folder: Path, job: str) -> dict[str, str]:
    """The environment in which a command of spark9 or dbt works in the copy, as one of its users."""
    inherited = {
        key: value for key, value in os.environ.items() if not key.startswith(("SPARK9_", "SNOWFLAKE_", "DBT_"))
    }
    kept = {key: os.environ[key] for key in ("SNOWFLAKE_DISABLE_PLATFORM_DETECTION",) if key in os.environ}
    return {
        **inherited,
        **kept,
        "DBT_PROFILES_DIR": str(folder),
        "SPARK9_PROJECT_DIR": str(folder),
        "SPARK9_TARGET": job,
    }
