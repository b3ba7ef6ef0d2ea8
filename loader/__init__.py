"""The loader of the spark9 project: onboard clients, load waves, correct them. `spark9` is a thin layer on it."""

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
from loader.reading_options import ReadingOptions, reading_options
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
