"""The level of an export: ads, ad sets, campaigns or the account, and by what its rows are broken down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from loader.waves.columns import MappedColumn

LEVELS = ("ad", "ad_set", "campaign", "account")
# breakdowns that people know as levels of their own
_BELOW_AD_SET = ("search_term", "keyword")
# they name the account itself, by which nothing is broken down
_OF_ACCOUNT = ("account_", "advertiser_", "customer_")


@dataclass(frozen=True)
class Level:
    """The level of an export.

    Args:
        name: 'ad', 'ad_set', 'campaign', 'account', or 'keyword' and 'search_term', which are breakdowns too.
        breakdowns: the columns by which each row of that level is broken down, by name.

    """

    name: str
    breakdowns: tuple[str, ...]

    def __str__(self) -> str:
        """As people say it: 'ad set by age and gender'."""
        by = [name.replace("_", " ") for name in self.breakdowns if name != self.name]
        return self.name.replace("_", " ") + (f" by {' and '.join(by)}" if by else "")


def level_of(columns: Sequence[MappedColumn]) -> Level:
    """The lowest level that a file names in its cells, and the known breakdowns that it has.

    Args:
        columns: the mapping of its own columns; one whose cells are all empty does not count.

    """
    filled = [row for row in columns if row.ordinal is not None and row.mapping_rule != "ignore" and row.filled_cells]
    targets = {row.target_column for row in filled}
    breakdowns = sorted({row.target_column for row in filled if row.in_grain and row.mapping_rule != "core"})
    named = next((name for name in LEVELS if {f"{name}_id", f"{name}_name"} & targets), "account")
    named = next((name for name in _BELOW_AD_SET if name in breakdowns), named)
    return Level(named, tuple(name for name in breakdowns if not name.startswith(_OF_ACCOUNT)))


def has_names_of(columns: Sequence[MappedColumn], level: str) -> bool:
    """Whether any cell names or numbers a campaign, ad set or ad."""
    names = (f"{level}_id", f"{level}_name")
    return any(row.target_column in names and row.ordinal is not None and row.filled_cells for row in columns)
