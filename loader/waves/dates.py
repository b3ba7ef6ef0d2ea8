"""The days that a file speaks of: day and month in their places, periods above the header, first and last day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from loader.files.column_formats import ColumnFormat, ColumnProfile
from loader.files.date_orders import DateColumns, DateOrders, Hint, known_orders
from loader.files.dialects import Dialect
from loader.files.headers import PlatformColumns
from loader.files.periods import Period, find_period
from loader.files.profiling import Profiler
from loader.names import normalised_header
from loader.project.project import Project
from loader.waves.columns import DAYS, MappedColumn
from loader.waves.targets import Target


@dataclass(frozen=True)
class DateReader:
    """Settles the days of one file.

    Args:
        project: from `find_project()`.
        file: for messages.
        platform: the client's.
        known: the headers that the project knows.
        profiler: has profiled the file.
        earlier: the mappings of the client's earlier waves.

    """

    project: Project
    file: Path
    platform: str
    known: PlatformColumns
    profiler: Profiler
    earlier: Sequence[MappedColumn]

    def settle(
        self,
        dialect: Dialect,
        profiles: Mapping[str, ColumnProfile],
        targets: Mapping[str, Target],
        *,
        is_naming_keys: bool,
    ) -> tuple[dict[str, ColumnProfile], Period | None]:
        """The profiles with day and month in their places, and the period that stands above the header.

        Raises:
            FileRefusedError: nothing says which of them comes first.

        """
        dates: dict[str, str] = {}
        for name, target in targets.items():
            if target.column in DAYS and not is_naming_keys and profiles[name].filled:
                dates.setdefault(target.column, name)
        period = None if is_naming_keys else find_period(dialect.titles, self.profiler)
        columns = DateColumns(dates.get("date_start"), dates.get("date_end"), period)
        return DateOrders(self.file, self.profiler, columns, self._hints(dialect, profiles)).settle(profiles)

    def _hints(self, dialect: Dialect, profiles: Mapping[str, ColumnProfile]) -> list[list[Hint]]:
        """What speaks for an order of day and month beside the dates themselves, the strongest first."""
        language = self.known.language(self.platform, dialect.headers)
        hints, habits = known_orders(self.project, self.platform, language)
        if any(profile.has_sure_comma for profile in profiles.values()):
            hints.append(Hint("day-first", "as its numbers have decimal commas"))
        # the same headers come from the same report, and mostly from the same person's settings
        dates = {normalised_header(header) for header in dialect.headers}
        earlier = {
            str(form["order"])
            for row in self.earlier
            if row.column_type == "date"
            and row.target_column in DAYS
            and normalised_header(row.column_name) in dates
            and "twin" in (form := self.profiler.form(row.value_format))
        }
        if len(earlier) == 1:
            hints.append(Hint(earlier.pop(), "as in the client's earlier loads", is_weak=True))
        return [hints, habits]

    def days(self, mapping: Sequence[MappedColumn]) -> tuple[date, date] | None:
        """The first and last day that the rows speak of, in cells or above the header."""
        dates = [row for row in mapping if row.target_column in DAYS and row.column_type == "date"]
        found = self.profiler.days(
            {
                row.column_name: ColumnFormat("date", row.value_format)
                for row in dates
                if row.ordinal is not None and row.mapping_rule == "core"
            }
        )
        constants = [date.fromisoformat(row.default_value) for row in dates if row.default_value and not row.ordinal]
        return found or ((min(constants), max(constants)) if constants else None)
