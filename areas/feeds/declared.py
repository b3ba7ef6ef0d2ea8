"""Feeds as the project declares them: batches of files, each the table of a dbt source with `meta.feed`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from areas.feeds.errors import FeedRefusedError
from loader.errors import ProjectError
from loader.names import target_column
from loader.project.profile import read_yaml, rendered
from loader.project.project import Project
from loader.words import named

FORMATS = ("csv", "json lines", "json array")
MODES = ("full", "append")
# what the loader adds to the declared fields of a row
ADDED_COLUMNS = ("other_fields", "file_name", "line_number", "ingestion_id", "ingested_at")


@dataclass(frozen=True)
class FeedField:
    """One declared field of a row.

    Args:
        name: the column, and the key or header in the files.
        type: 'text', or 'timestamp' for one whose value must parse as a time where it is required.
        is_required: a row without it is rejected.
        is_personal: it is masked where the warehouse can.

    """

    name: str
    type: str = "text"
    is_required: bool = False
    is_personal: bool = False


@dataclass(frozen=True)
class Feed:
    """A feed.

    Args:
        area: the subject area, which is the dbt source's name.
        short_name: the table's name in the source.
        table: the raw table.
        location: s3://bucket/prefix/*.json, or a folder with a pattern.
        file_format: one of FORMATS; each may be packed with gzip.
        mode: 'full' (the files are the whole table) or 'append' (each file adds its rows).
        key: the field that names a row.
        fields: the declared fields, in table order.
        max_rejected_share: more rejected rows than this share, 0 to 1, stop an ingestion.
        schema_name: the schema of its raw table, without a target's prefix.

    """

    area: str
    short_name: str
    table: str
    location: str
    file_format: str
    mode: str
    key: str
    fields: tuple[FeedField, ...]
    max_rejected_share: float
    schema_name: str

    @property
    def name(self) -> str:
        """How commands and logs name it: engagement.customers."""
        return f"{self.area}.{self.short_name}"

    @property
    def folder(self) -> str:
        """The location up to the last / before its first wildcard; names of files are relative to it."""
        plain = re.split(r"[*?\[]", self.location, maxsplit=1)[0]
        return plain[: plain.rfind("/") + 1]

    @property
    def pattern(self) -> str:
        """The rest of the location."""
        return self.location[len(self.folder) :]

    @property
    def is_in_s3(self) -> bool:
        """Whether the files lie in S3."""
        return self.location.startswith("s3://")

    def for_macros(self) -> dict[str, Any]:
        """The feed as the macros of areas/feeds/macros take it."""
        return {
            "name": self.name,
            "table": self.table,
            "format": self.file_format,
            "key": self.key,
            "folder": self.folder,
            "fields": [
                {
                    "name": field.name,
                    "type": field.type,
                    "required": field.is_required,
                    "personal": field.is_personal,
                }
                for field in self.fields
            ],
        }


def sources_file(area: str) -> str:
    """Where an area declares its feeds, from the project's folder."""
    return f"areas/{area}/models/{area}/_sources.yml"


def areas_of(project: Project) -> list[str]:
    """The areas that declare sources, by name."""
    return sorted(file.parent.name for file in (project.root / "areas").glob("*/models/*/_sources.yml"))


def feeds_of(project: Project, area: str) -> list[Feed]:
    """The feeds of an area, in the order of their declaration.

    Raises:
        FeedRefusedError: there is no such area.
        ProjectError: a declaration is wrong.

    """
    file = project.root / sources_file(area)
    if not re.fullmatch(r"[a-z][a-z0-9_]*", area) or not file.is_file():
        raise FeedRefusedError("feed-unknown", f"There is no area '{area}' with feeds.", _known(project))
    sources = read_yaml(file.read_text(encoding="utf-8")).get("sources", [])
    share = float(project.variables.get("max_rejected_share", 0.01))
    schema = str(project.macros.call("area_schemas", area)["raw"])
    return [
        _feed(file, area, table, share, schema)
        for source in sources
        if source["name"] == area
        for table in source["tables"]
        if "feed" in _meta(table)
    ]


def named_feeds(project: Project, name: str) -> list[Feed]:
    """The feeds that a word names: an area, or one feed of it.

    Args:
        project: from `find_project()`.
        name: 'engagement', or 'engagement.customers'.

    Raises:
        FeedRefusedError: there are none of that name.
        ProjectError: a declaration is wrong.

    """
    area, _, short_name = name.partition(".")
    found = [feed for feed in feeds_of(project, area) if short_name in ("", feed.short_name)]
    if not found:
        raise FeedRefusedError("feed-unknown", f"There is no feed '{name}'.", _known(project))
    return found


def header_names(cells: Sequence[str]) -> list[str]:
    """The names of a CSV file's columns, each at the place of its column.

    Args:
        cells: of its first row.

    Returns:
        Names in lower case with '_' for blanks; `column_3` where the third cell is empty; empty cells at the end are
        left out.

    """
    names = [name.strip().lower().replace(" ", "_") for name in cells]
    while names and not names[-1]:
        names.pop()
    return [name or f"column_{place}" for place, name in enumerate(names, start=1)]


def require_columns(feed: Feed, file_name: str, header: list[str]) -> None:
    """Check that a CSV file has every column that its feed declares, under a name of its own.

    Args:
        feed: the feed.
        file_name: for the message.
        header: the names of its first row; empty for other formats, which have none.

    Raises:
        FeedRefusedError: it does not.

    """
    if feed.file_format != "csv":
        return
    missing = [field.name for field in feed.fields if field.name not in header]
    double = sorted({name for name in header if header.count(name) > 1})
    if not missing and not double:
        return
    declared = {field.name for field in feed.fields}
    others = [name for name in header if name not in declared]
    problem = (
        f"{feed.name}: {file_name} has {named('column', double)} more than once."
        if double
        else f"{feed.name}: {file_name} lacks {named('column', missing)}; "
        f"undeclared columns: {', '.join(others) or 'none'}."
    )
    remedy = f"Have the file recreated, or declare its columns in {sources_file(feed.area)}."
    raise FeedRefusedError("feed-changed", problem[:600], remedy)


def _known(project: Project) -> str:
    areas = areas_of(project)
    names = [feed.name for area in areas for feed in feeds_of(project, area)]
    return f"Name one of: {', '.join([*areas, *names])}." if names else f"Declare one in {sources_file('<area>')}."


def _meta(node: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = (node.get("config") or {}).get("meta") or {}
    return found


def _feed(file: Path, area: str, table: Mapping[str, Any], share: float, schema: str) -> Feed:
    declared = rendered(dict(_meta(table)["feed"]))
    where = f"The feed {area}.{table['name']} in {file}"
    for key, allowed in (("format", FORMATS), ("mode", MODES)):
        if declared.get(key) not in allowed:
            raise ProjectError(f"{where} has the {key} '{declared.get(key)}'.", f"Use one of: {', '.join(allowed)}.")
    columns = [column for column in table.get("columns", []) if column["name"] not in ADDED_COLUMNS]
    fields = tuple(
        FeedField(
            target_column(column["name"]),
            _meta(column).get("type", "text"),
            bool(_meta(column).get("required", False)),
            bool(_meta(column).get("personal", False)),
        )
        for column in columns
    )
    key = declared.get("key")
    if key not in [field.name for field in fields if field.is_required]:
        raise ProjectError(
            f"{where} has the key '{key}', which is not one of its required columns.", "Mark it required."
        )
    location = str(declared.get("location") or "")
    if "/" not in location:
        raise ProjectError(f"{where} has no location.", "Give one such as s3://bucket/prefix/*.json, or folder/*.json.")
    rejected = float(declared.get("max_rejected_share", share))
    table_name = target_column(table.get("identifier", table["name"]))
    return Feed(
        area, table["name"], table_name, location, declared["format"], declared["mode"], key, fields, rejected, schema
    )
