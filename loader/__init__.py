"""The loader of the spark9 project: onboard clients, load waves, correct them. `spark9` is a thin layer on it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

# the function has the name of its module, which would take its place when that is imported first
from loader.reading_options import reading_options

if TYPE_CHECKING:
    from loader.building import build_client
    from loader.clients import (
        AccessDifference,
        archive_client_schema,
        audit_access,
        check_clients,
        create_client_platform_schema,
        drop_client_schema,
        grant_schema_access,
        list_client_schemas,
        list_schema_access,
        revoke_schema_access,
        set_restatement,
    )
    from loader.comparison import Comparison, compare_wave, write_report
    from loader.errors import ExitCode, Spark9Error
    from loader.loading import LoadPlan, LoadResult, load_wave
    from loader.names import ClientSchema, client_schema
    from loader.project import Project, find_project
    from loader.reading_options import ReadingOptions
    from loader.status import client_statuses, read_log
    from loader.verification import VerifiedLoad, verify_waves
    from loader.waves import (
        MappingChange,
        accept_suggestion,
        list_waves,
        reprocess_wave,
        rollback_wave,
        set_mapping,
        show_mapping,
        suggested_columns,
    )

# imported when first asked for: a command that prints help needs none of them
_MODULES = {
    "AccessDifference": "loader.clients",
    "ClientSchema": "loader.names",
    "Comparison": "loader.comparison",
    "ExitCode": "loader.errors",
    "LoadPlan": "loader.loading",
    "LoadResult": "loader.loading",
    "MappingChange": "loader.waves",
    "Project": "loader.project",
    "ReadingOptions": "loader.reading_options",
    "Spark9Error": "loader.errors",
    "VerifiedLoad": "loader.verification",
    "accept_suggestion": "loader.waves",
    "archive_client_schema": "loader.clients",
    "audit_access": "loader.clients",
    "build_client": "loader.building",
    "check_clients": "loader.clients",
    "client_schema": "loader.names",
    "client_statuses": "loader.status",
    "compare_wave": "loader.comparison",
    "create_client_platform_schema": "loader.clients",
    "drop_client_schema": "loader.clients",
    "find_project": "loader.project",
    "grant_schema_access": "loader.clients",
    "list_client_schemas": "loader.clients",
    "list_schema_access": "loader.clients",
    "list_waves": "loader.waves",
    "load_wave": "loader.loading",
    "read_log": "loader.status",
    "reprocess_wave": "loader.waves",
    "revoke_schema_access": "loader.clients",
    "rollback_wave": "loader.waves",
    "set_mapping": "loader.waves",
    "set_restatement": "loader.clients",
    "show_mapping": "loader.waves",
    "suggested_columns": "loader.waves",
    "verify_waves": "loader.verification",
    "write_report": "loader.comparison",
}

__all__ = [
    "AccessDifference",
    "ClientSchema",
    "Comparison",
    "ExitCode",
    "LoadPlan",
    "LoadResult",
    "MappingChange",
    "Project",
    "ReadingOptions",
    "Spark9Error",
    "VerifiedLoad",
    "accept_suggestion",
    "archive_client_schema",
    "audit_access",
    "build_client",
    "check_clients",
    "client_schema",
    "client_statuses",
    "compare_wave",
    "create_client_platform_schema",
    "drop_client_schema",
    "find_project",
    "grant_schema_access",
    "list_client_schemas",
    "list_schema_access",
    "list_waves",
    "load_wave",
    "read_log",
    "reading_options",
    "reprocess_wave",
    "revoke_schema_access",
    "rollback_wave",
    "set_mapping",
    "set_restatement",
    "show_mapping",
    "suggested_columns",
    "verify_waves",
    "write_report",
]


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)
