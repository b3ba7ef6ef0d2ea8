"""The columns of waves and of tables: mapping rows, people's rules, core columns, and the level of an export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal

from loader.names import normalised_header
from loader.project.project import Project

RULES = ("core", "add", "additional", "promote", "ignore", "missing", "retired", "constant")
# rules about columns that a file lacks
OF_ABSENT = ("missing", "retired", "constant")
DAYS = ("date_start", "date_end")
# as the macro account_columns() has them
ACCOUNT_COLUMNS = ("account_id", "customer_id", "advertiser_id", "account_name", "advertiser_name")
NAME_COLUMNS = ("campaign_id", "campaign_name", "ad_set_id", "ad_set_name", "ad_id", "ad_name")


@dataclass(frozen=True)
class MappedColumn:
    """One row of wave_schema_mapping, without its load and wave; docs/data_contract.md describes each field."""

    ordinal: int | None
    column_name: str
    column_type: str
    value_format: str | None
    is_required: bool
    default_value: str | None
    mapping_rule: str
    target_column: str
    is_key: bool
    in_grain: bool
    filled_cells: int | None
    control_sum: Decimal | None
    reason: str
    decided_by: str
    # the table has these only in `reason`: what a file leaves open about it, and whether no platform has its header
    unclear: tuple[str, ...] = ()
    is_unknown: bool = False


FIELDS = tuple(field.name for field in fields(MappedColumn) if field.default is MISSING)


@dataclass(frozen=True)
class ColumnRule:
    """What a person decided about a header, one row of column_rules: it holds from one wave on, until the next rule.

    Rules are kept apart from the mappings of loads: they outlast a rollback, and hold in whatever order waves are
    loaded.

    Args:
        column_type: the type in every wave; none where the cells of each file decide.

    """

    column_name: str
    from_wave: int
    mapping_rule: str
    target_column: str
    column_type: str | None
    value_format: str | None
    is_required: bool
    default_value: str | None


RULE_FIELDS = tuple(field.name for field in fields(ColumnRule))


def rules_for_wave(rules: Sequence[ColumnRule], wave: int) -> dict[str, ColumnRule]:
    """The rule of each header, case and punctuation apart, that holds for a wave."""
    holding = sorted((rule for rule in rules if rule.from_wave <= wave), key=lambda rule: rule.from_wave)
    return {normalised_header(rule.column_name): rule for rule in holding}


@dataclass(frozen=True)
class CoreColumn:
    """A typed column of processed_campaign_data, from the macro core_columns(), which says what each field means."""

    name: str
    type: str
    required: str
    in_key: bool


def core_columns(project: Project) -> dict[str, CoreColumn]:
    """The core columns of the project by name, in table order."""
    return {row["name"]: CoreColumn(**row) for row in project.macros.call("core_columns")}


def is_text_like(column_type: str) -> bool:
    """Whether values of a type tell rows apart rather than measure something."""
    return column_type in ("text", "id", "date")


def as_row(entry: MappedColumn | ColumnRule) -> tuple[object, ...]:
    """The values in the order of FIELDS, or of RULE_FIELDS."""
    return tuple(getattr(entry, name) for name in (FIELDS if isinstance(entry, MappedColumn) else RULE_FIELDS))


def as_macro_rows(columns: Sequence[MappedColumn]) -> list[dict[str, object]]:
    """Mapping rows as the macros take them."""
    return [vars(row) for row in columns]


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
        """For people: 'ad set by age and gender'."""
        by = [name.replace("_", " ") for name in self.breakdowns if name != self.name]
        return self.name.replace("_", " ") + (f" by {' and '.join(by)}" if by else "")


def level_of(columns: Sequence[MappedColumn]) -> Level:
    """The lowest level that a file names in its cells, and the known breakdowns that it has.

    Args:
        columns: the mapping of its own columns; one whose cells are all empty does not count.

    """
    filled = [row for row in columns if row.ordinal is not None and row.mapping_rule != "ignore" and row.filled_cells]
    targets = {row.target_column for row in filled}
    of_file = (row.default_value or "" for row in columns if row.target_column == "breakdowns" and row.ordinal is None)
    by = {row.target_column for row in filled if row.in_grain and row.mapping_rule != "core"}
    breakdowns = sorted(by | set(filter(None, next(of_file, "").split(", "))))
    named = next((name for name in LEVELS if {f"{name}_id", f"{name}_name"} & targets), "account")
    named = next((name for name in _BELOW_AD_SET if name in breakdowns), named)
    return Level(named, tuple(name for name in breakdowns if not name.startswith(_OF_ACCOUNT)))


def has_names_of(columns: Sequence[MappedColumn], level: str) -> bool:
    """Whether any cell names or numbers a campaign, ad set or ad."""
    names = (f"{level}_id", f"{level}_name")
    return any(row.target_column in names and row.ordinal is not None and row.filled_cells for row in columns)
