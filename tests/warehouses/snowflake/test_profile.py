"""The profile's targets are what dbt and the connector take."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from dbt.adapters.snowflake.connections import SnowflakeCredentials
from snowflake.connector import SnowflakeConnection

from loader import find_project
from loader.errors import ProjectError
from loader.warehouses.snowflake.connecting import connection_settings
from tests.support import ROOT
from tests.warehouses.snowflake.support import SnowflakeProject


def test_every_target_of_the_profile_is_what_dbt_and_the_connector_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = tmp_path / "key.p8"
    key.write_text("not read here", encoding="utf-8")
    for name, value in {
        "SNOWFLAKE_ACCOUNT": "org-account", "SNOWFLAKE_USER": "spark9", "SNOWFLAKE_PRIVATE_KEY_PATH": str(key),
        "SNOWFLAKE_PRIVATE_KEY_PASSPHRASE": "s3cret", "DBT_USER": "sean", "PULL_REQUEST_NUMBER": "123",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    for name in (
        "SPARK9_TARGET",
        "DBT_PROFILES_DIR",
        "SNOWFLAKE_ROLE",
        "SNOWFLAKE_HOST",
        "SNOWFLAKE_PORT",
        "SNOWFLAKE_PROTOCOL",
        "SNOWFLAKE_PASSWORD",
    ):
        monkeypatch.delenv(name, raising=False)
    for file in ("dbt_project.yml", "profiles.yml.example"):
        (tmp_path / file.removesuffix(".example")).write_text(
            (ROOT / file).read_text(encoding="utf-8"), encoding="utf-8"
        )
    expected = {
        "prod": ("main", "spark9_transformer", "transforming_wh", "spark9_loader", "loading_wh"),
        "snowflake_dev": ("sean", "spark9_developer", "dev_wh", "spark9_developer", "dev_wh"),
        "ci": ("pr_123", "spark9_developer", "dev_wh", "spark9_developer", "dev_wh"),
    }
    for name, (schema, role, warehouse, loader_role, loader_warehouse) in expected.items():
        target = find_project(tmp_path, name).target
        assert (target.schema, target.settings["role"], target.settings["warehouse"]) == (schema, role, warehouse)
        settings = connection_settings(target)
        assert (settings["role"], settings["warehouse"]) == (loader_role, loader_warehouse)
        assert settings["private_key_file"] == str(key)
        assert settings["private_key_file_pwd"] == "s3cret"
        assert "password" not in settings
        assert "authenticator" not in settings
        fields = SnowflakeCredentials.__dataclass_fields__
        assert set(target.settings) - {"type", "threads"} <= set(fields), "dbt knows every setting"
    assert find_project(tmp_path).target.type == "duckdb", "the default needs no variable"


def test_the_loader_has_a_user_and_a_key_of_its_own_where_they_are_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in ("dbt_project.yml", "profiles.yml.example"):
        (tmp_path / file.removesuffix(".example")).write_text(
            (ROOT / file).read_text(encoding="utf-8"), encoding="utf-8"
        )
    for name, value in {
        "SNOWFLAKE_ACCOUNT": "org-account", "SNOWFLAKE_USER": "builds", "SNOWFLAKE_PRIVATE_KEY_PATH": "/keys/builds.p8",
        "SNOWFLAKE_LOADER_USER": "loads", "SNOWFLAKE_LOADER_PRIVATE_KEY_PATH": "/keys/loads.p8",
        "DBT_USER": "sean", "PULL_REQUEST_NUMBER": "1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    for name in ("SNOWFLAKE_PORT", "SNOWFLAKE_HOST", "SNOWFLAKE_PRIVATE_KEY", "SNOWFLAKE_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    target = find_project(tmp_path, "prod").target
    loader = connection_settings(target, 90.5)
    assert (target.settings["user"], target.settings["private_key_path"]) == ("builds", "/keys/builds.p8")
    assert (loader["user"], loader["private_key_file"]) == ("loads", "/keys/loads.p8")
    assert loader["session_parameters"]["LOCK_TIMEOUT"] == 90


def test_single_sign_on_and_a_password_are_taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in ("dbt_project.yml", "profiles.yml.example"):
        (tmp_path / file.removesuffix(".example")).write_text(
            (ROOT / file).read_text(encoding="utf-8"), encoding="utf-8"
        )
    for name in ("SNOWFLAKE_PRIVATE_KEY_PATH", "SNOWFLAKE_PRIVATE_KEY", "SNOWFLAKE_PORT", "SNOWFLAKE_HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SNOWFLAKE_ACCOUNT", "org-account")
    monkeypatch.setenv("SNOWFLAKE_USER", "ann")
    monkeypatch.setenv("SNOWFLAKE_AUTHENTICATOR", "externalbrowser")
    assert connection_settings(find_project(tmp_path, "prod").target)["authenticator"] == "externalbrowser"
    monkeypatch.setenv("SNOWFLAKE_PASSWORD", "pw")
    assert connection_settings(find_project(tmp_path, "prod").target)["password"] == "pw"
    monkeypatch.setenv("SNOWFLAKE_PRIVATE_KEY", "-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----")
    with pytest.raises(ProjectError, match="private key of the profile can't be read") as refused:
        connection_settings(find_project(tmp_path, "prod").target)
    assert "nonsense" not in str(refused.value)


@pytest.mark.parametrize(
    ("authenticator", "given"),
    [
        ("programmatic_access_token", {"token": "t0ken"}),
        ("oauth", {"token": "t0ken"}),
        ("workload_identity", {"workload_identity_provider": "AWS"}),
        ("workload_identity", {"workload_identity_provider": "OIDC", "token": "t0ken"}),
    ],
)
def test_dbt_and_the_loader_sign_in_with_the_same_token_or_identity(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, authenticator: str, given: dict[str, str]
) -> None:
    for file in ("dbt_project.yml", "profiles.yml.example"):
        shutil.copy(ROOT / file, tmp_path / file.removesuffix(".example"))
    for name in ("PRIVATE_KEY_PATH", "PRIVATE_KEY", "PRIVATE_KEY_PASSPHRASE", "PASSWORD", "HOST", "PORT"):
        monkeypatch.delenv(f"SNOWFLAKE_{name}", raising=False)
    settings = {"account": "org-account", "user": "svc", "authenticator": authenticator, **given}
    for name, value in settings.items():
        monkeypatch.setenv(f"SNOWFLAKE_{name.upper()}", value)
    target = find_project(tmp_path, "prod").target
    of_loader = connection_settings(target)
    of_dbt = SnowflakeCredentials(
        **{name: value or None for name, value in target.settings.items() if name not in ("type", "threads")}
    ).auth_args()
    for name in ("user", "authenticator", "token", "workload_identity_provider"):
        assert str(of_loader.get(name)).lower() == str(of_dbt.get(name)).lower(), name
    # the connector checks what it is given before it sends anything
    monkeypatch.setattr(SnowflakeConnection, "connect", SnowflakeConnection._SnowflakeConnection__config)  # type: ignore[attr-defined]
    SnowflakeConnection(**of_loader)


@pytest.mark.slow
def test_a_prefix_that_is_no_name_is_refused_before_anything_is_sent(
    empty_account: SnowflakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARK9_TARGET", "snowflake_dev")
    monkeypatch.setenv("DBT_USER", "sean; drop schema marts")
    done = empty_account.spark9("client", "add", "acme", "meta", "2024")
    assert done.code == 2
    assert "is not a valid name: letters, digits and underscores" in done.text
    assert not [entry for entry in empty_account.emulator.statements() if "drop schema marts" in entry["sql"]]


def test_the_native_profile_asks_for_no_environment_variable() -> None:
    text = (ROOT / "native" / "profiles.yml").read_text(encoding="utf-8")
    assert "env_var(" not in text
    native = yaml.safe_load(text)["spark9"]["outputs"]["prod"]
    assert (native["role"], native["warehouse"], native["schema"]) == ("spark9_transformer", "transforming_wh", "main")
