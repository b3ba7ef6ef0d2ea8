"""What is generated from the registry: a models folder for each active client, and the macro that lists them."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from loader.filesystem import write_atomically
from loader.names import ClientKey
from loader.project.project import Project

NOTICE = "Generated from seeds/clients.csv by `spark9 client add`; do not edit (`spark9 client check` compares)."

_REGISTERED = "The active clients of the registry, known while dbt parses, so that marts refer to each client's models."
_ARCHIVED = "The archived clients of the registry, which are not built but keep their tables."
_ACCESSES = "Who may use which client's schema, for the audit of roles and grants."
_DOC_BLOCK = re.compile(r"{% docs (\w+) %}(.*?){% enddocs %}", re.DOTALL)
_FRESHNESS = """\
        config:
          event_time: upload_timestamp
          loaded_at_query: "{{ last_upload('{schema}') }}"
          freshness:
            warn_after: {count: "{{ var('upload_warn_hours') }}", period: hour}
            error_after: {count: "{{ var('upload_error_hours') }}", period: hour}
"""
_MODELS = ("typed_rows", "processed_campaign_data", "wave_quality")
# the parts of the score are 0 or 1 in a row, and shares in a wave
_ROW_PARTS = ("completeness", "validity", "consistency", "uniqueness", "conformity")
_COLUMNS = {
    "processed_campaign_data": (
        "load_id",
        "row_number",
        "wave_number",
        "wave_name",
        "file_name",
        "upload_timestamp",
        "schema_version",
        "date_start",
        "date_end",
        "campaign_id",
        "campaign_name",
        "ad_set_id",
        "ad_set_name",
        "ad_id",
        "ad_name",
        "currency",
        "level",
        "breakdowns",
        "conversion_type",
        "impressions",
        "reach",
        "clicks",
        "conversions",
        "conversion_value",
        "amount_spent",
        "additional_metrics",
        "row_issues",
        "row_key",
        "id_key",
        "superseded_by",
        "superseded_because",
        "completeness",
        "validity",
        "consistency",
        "uniqueness",
        "conformity",
        "data_quality_score",
        "processed_timestamp",
        "code_version",
    ),
    "wave_quality": (
        "wave_number",
        "wave_name",
        "loads",
        "row_count",
        "superseded_rows",
        "first_date",
        "last_date",
        "impressions",
        "clicks",
        "amount_spent",
        "currency",
        "completeness",
        "validity",
        "consistency",
        "uniqueness",
        "conformity",
        "coverage",
        "data_quality_score",
        "rows_with_issues",
        "rows_without_naming_key",
        "new_columns",
        "missing_columns",
        "first_upload",
        "last_upload",
        "signature",
        "processed_timestamp",
    ),
}
# what is no text; the types of core columns stand in core_columns()
_JSON = "{{ 'variant' if target.type == 'snowflake' else 'json' }}"
_SHARE = "decimal(5, 4)"
_TYPES = {
    "processed_campaign_data": {
        **dict.fromkeys(("wave_number", "schema_version", *_ROW_PARTS), "integer"),
        **dict.fromkeys(("upload_timestamp", "processed_timestamp"), "datetime"),
        **dict.fromkeys(("additional_metrics", "row_issues"), _JSON),
        "row_number": "bigint",
        "data_quality_score": _SHARE,
    },
    "wave_quality": {
        **dict.fromkeys(("loads", "row_count", "superseded_rows", "impressions", "clicks"), "bigint"),
        **dict.fromkeys(("rows_with_issues", "rows_without_naming_key"), "bigint"),
        **dict.fromkeys((*_ROW_PARTS, "coverage", "data_quality_score"), _SHARE),
        **dict.fromkeys(("first_date", "last_date"), "date"),
        **dict.fromkeys(("first_upload", "last_upload", "processed_timestamp"), "datetime"),
        **dict.fromkeys(("new_columns", "missing_columns"), _JSON),
        "wave_number": "integer",
        "amount_spent": "decimal(38, 6)",
    },
}


@dataclass(frozen=True)
class RegistryContent:
    """What the generated files are made from.

    Args:
        clients: the active clients.
        policies: for restated and for overlapping rows, by schema.
        archived: the archived ones.
        accesses: who may use which client's schema: schema, user, access.

    """

    clients: Sequence[ClientKey]
    policies: Mapping[str, tuple[str, str]]
    archived: Sequence[ClientKey]
    accesses: Sequence[tuple[str, str, str]]


def write(project: Project, content: RegistryContent, changed: Collection[str] | None = None) -> None:
    """Write generated files that are out of date, and remove folders of other clients.

    Args:
        project: from `find_project()`.
        content: what they are made from.
        changed: the schemas that differ from before; the folders of others are left as they are, if they exist, so
            that one client of hundreds costs what one client of three does. All are looked at without it.

    """
    expected = _macros(project, content)
    docs = _Docs(project)
    for client in content.clients:
        if changed is None or client.name in changed or not (project.client_models / client.name).is_dir():
            expected |= _client_files(project, client, docs)
    for path, text in expected.items():
        write_atomically(path, text)
    for folder in _folders(project):
        if folder.name not in {client.name for client in content.clients}:
            shutil.rmtree(folder)


def differences(project: Project, content: RegistryContent) -> list[str]:
    """Where the generated files differ from the registry, one sentence each."""
    found = []
    for path, text in _expected(project, content).items():
        name = path.relative_to(project.root)
        if not path.is_file():
            found.append(f"{name} is missing")
        elif path.read_text(encoding="utf-8") != text:
            found.append(f"{name} differs from what would be generated")
    names = {client.name for client in content.clients}
    found += [
        f"{folder.relative_to(project.root)} belongs to no active client of the registry"
        for folder in _folders(project)
        if folder.name not in names
    ]
    return found


def _folders(project: Project) -> list[Path]:
    return sorted(path for path in project.client_models.glob("*") if path.is_dir())


def _expected(project: Project, content: RegistryContent) -> dict[Path, str]:
    files = _macros(project, content)
    docs = _Docs(project)
    for client in content.clients:
        files |= _client_files(project, client, docs)
    return files


def _macros(project: Project, content: RegistryContent) -> dict[Path, str]:
    folder = project.root / "macros" / "registry"
    return {
        folder / "registered_clients.sql": _clients_macro("registered_clients", _REGISTERED, content.clients, content),
        folder / "archived_clients.sql": _clients_macro("archived_clients", _ARCHIVED, content.archived, content),
        folder / "registered_accesses.sql": _accesses_macro(content.accesses),
    }


def _client_files(project: Project, client: ClientKey, docs: _Docs) -> dict[Path, str]:
    folder = project.client_models / client.name
    files = {
        folder / f"{client.name}__{model}.sql": f"-- {NOTICE}\n{{{{ {model}('{client.name}') }}}}\n"
        for model in _MODELS
    }
    return files | {folder / f"{client.name}.yml": _client_yaml(client, docs)}


def _clients_macro(name: str, purpose: str, clients: Sequence[ClientKey], content: RegistryContent) -> str:
    rows = [
        f"{{'client_schema': '{c.name}', 'client': '{c.client}', 'platform': '{c.platform}', 'year': {c.year}, "
        f"'restatement': '{content.policies[c.name][0]}', 'overlap': '{content.policies[c.name][1]}'}}"
        for c in sorted(clients, key=lambda client: client.name)
    ]
    returns = "{client_schema, client, platform, year, restatement, overlap}, by schema"
    return _list_macro(name, "seeds/clients.csv", "add", purpose, returns, "client_schema", rows)


def _accesses_macro(accesses: Sequence[tuple[str, str, str]]) -> str:
    # Python and Jinja write a text alike: o'brien@example.com stands in double quotes
    rows = [
        f"{{'client_schema': '{schema}', 'user_name': {user!r}, 'access': '{access}'}}"
        for schema, user, access in sorted(accesses)
    ]
    returns = "{client_schema, user_name, access}, by schema and user"
    return _list_macro("registered_accesses", "seeds/client_access.csv", "grant", _ACCESSES, returns, "user_name", rows)


def _list_macro(name: str, seed: str, command: str, purpose: str, returns: str, shown: str, rows: Sequence[str]) -> str:
    lines = "".join(f"    {row},\n" for row in rows)
    return f"""{{# Generated from {seed} by `spark9 client {command}`; do not edit (`spark9 client check` compares).
   {purpose}
   Returns: list of {returns}.
   Example: {{% for entry in {name}() %}}{{{{ entry.{shown} }}}}{{% endfor %}} #}}
{{% macro {name}() %}}
  {{% do return([
{lines}  ]) %}}
{{% endmacro %}}
"""


def _client_yaml(client: ClientKey, docs: _Docs) -> str:
    schema = client.name
    return f"""# {NOTICE}
version: 2

sources:
  - name: {schema}
    description: {docs("client_source")}
    schema: "{{{{ var('raw_schema_prefix') }}}}{schema}"
    tables:
{docs.tables.replace("{schema}", schema)}
models:
  - name: {schema}__typed_rows
    description: {docs("typed_rows")}
  - name: {schema}__processed_campaign_data
    description: {docs("processed_campaign_data")}
{_columns_yaml("processed_campaign_data", docs)}  - name: {schema}__wave_quality
    description: {docs("wave_quality")}
    data_tests:
      - client_integrity:
          name: {schema}__client_integrity
          arguments: {{client_schema: {schema}}}
          config: {{tags: [critical]}}
      - client_quality:
          name: {schema}__client_quality
          arguments: {{client_schema: {schema}}}
          config: {{severity: warn}}
{_columns_yaml("wave_quality", docs)}"""


def _columns_yaml(model: str, docs: _Docs) -> str:
    lines = ["    columns:"]
    for name in _COLUMNS[model]:
        block = f"row__{name}" if model == "processed_campaign_data" and name in _ROW_PARTS else f"column__{name}"
        column_type = json.dumps(_TYPES[model].get(name) or docs.core_types.get(name, "varchar"))
        lines.append(f"      - {{name: {name}, data_type: {column_type}, description: {docs(block)}}}")
    return "\n".join(lines) + "\n"


class _Docs:
    """The texts of models/*.md as YAML strings. In place of doc() calls, which make dbt parse a third longer."""

    def __init__(self, project: Project) -> None:
        self._texts = {
            name: " ".join(text.split())
            for path in sorted((project.root / "models").glob("*.md"))
            for name, text in _DOC_BLOCK.findall(path.read_text(encoding="utf-8"))
        }
        types = project.local_macros.call("column_types")
        self.core_types = {
            column["name"]: types[column["type"]]["sql"] for column in project.local_macros.call("core_columns")
        }
        # the same for every client, but for {schema}
        self.tables = "".join(
            self._table(table, [name for name, *_ in columns])
            for table, columns in project.local_macros.call("loader_tables").items()
        )

    def __call__(self, block: str) -> str:
        return json.dumps(self._texts[block], ensure_ascii=False)

    def _table(self, table: str, columns: Sequence[str]) -> str:
        """A table of the loader, whose description lists its columns.

        As columns of the YAML they would cost every dbt command 12 ms a client (docs/dbt.md). A column's text is
        the table's own where there is one, else that of its name.
        """
        described = [self._texts.get(f"{table}__{name}") or self._texts[f"column__{name}"] for name in columns]
        listed = "".join(f"\n| {name} | {text} |" for name, text in zip(columns, described, strict=True))
        text = json.dumps(f"{self._texts[table]}\n\n| column | what |\n|---|---|{listed}", ensure_ascii=False)
        freshness = _FRESHNESS if table == "raw_data_staging" else ""
        return f"      - name: {table}\n        description: {text}\n{freshness}"
