"""Money in millionths: some APIs write it so, and the downloads of the same platform do not."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import duckdb

from loader.errors import Answer, FileRefusedError
from loader.files.column_formats import ColumnProfile
from loader.files.options import ReadingOptions
from loader.files.rows import IS_DATA, TABLE
from loader.names import quote_identifier
from loader.waves.targets import Target

MICROS = "micros"
# millionths of less than a cent are no figure that an API reports
_LEAST_MICROS = 10_000


def formats_of_units(targets: Mapping[str, Target], options: ReadingOptions) -> dict[str, str]:
    """The columns that are in millionths, with the value_format that says so: by their header, or as the user says."""
    if options.money == "units":
        return {}
    said = options.money == MICROS
    return {
        name: MICROS
        for name, target in targets.items()
        if target.decision is None
        and (target.unit == MICROS or (said and (target.unit or target.column == "amount_spent")))
    }


def refuse_unsure_units(
    file: Path,
    connection: duckdb.DuckDBPyConnection,
    targets: Mapping[str, Target],
    profiles: Mapping[str, ColumnProfile],
    options: ReadingOptions,
) -> None:
    """Stop where a column of money can be in units or in millionths.

    A fraction proves units, and so does a column that has nothing of 10,000 and more.

    Args:
        file: for messages.
        connection: has read the file.
        targets: from `choose_targets()`.
        profiles: of its columns.
        options: what the user says.

    Raises:
        FileRefusedError: nothing says which.

    """
    for name, target in targets.items():
        if target.unit != "unsure" or target.column != "amount_spent" or target.decision or options.money:
            continue
        if profiles[name].format.value_format != "plain" or not profiles[name].parsed:
            continue
        cell = f"try_cast(trim({quote_identifier(name)}) as decimal(38, 6))"
        largest, is_whole = connection.execute(
            f"select max({cell}), bool_and({cell} = trunc({cell})) from {TABLE} where {IS_DATA}"
        ).fetchall()[0]
        if is_whole and largest >= _LEAST_MICROS:
            raise FileRefusedError(
                "units-unsure",
                f"{file}: '{name}' can be in millionths, as the platform's API writes it: its largest cell is "
                f"{largest:,.2f} as it stands, and {Decimal(largest) / 1_000_000:,.2f} in millionths.",
                "Compare with the platform, then say --money units or --money micros.",
                [
                    Answer("money", "units", f"as it stands: the largest cell of '{name}' is {largest:,.2f}"),
                    Answer("money", "micros", f"in millionths: the largest is {Decimal(largest) / 1_000_000:,.2f}"),
                ],
            )
