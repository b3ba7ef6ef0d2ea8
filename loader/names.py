"""Names of clients, schemas, waves and columns: the one place where they are checked and quoted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from loader.errors import NameRefusedError

CLIENT_RULE = "lower-case letters and digits, with single underscores between them, such as 'acme' or 'acme_shoes'"
PLATFORM_RULE = "lower-case letters and digits only, such as 'meta', 'linkedin', 'googleads' or 'tiktok'"
YEAR_RULE = "four digits from 2000 to 2099"
COLUMN_RULE = "lower-case letters, digits and underscores, starting with a letter, 63 characters at most"
MAX_CLIENT_LENGTH = 60
# from how many letters on a name can be misspelt in two of them
_LONG = 8

_CLIENT = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
_PLATFORM = re.compile(r"[a-z0-9]{1,30}")
_YEAR = re.compile(r"20[0-9]{2}")
_WORD = re.compile(r"[^\W_]+")
_COLUMN = re.compile(r"[a-z][a-z0-9_]{0,62}")
# columns of raw and processed rows, and of the steps between them, besides the core columns
_TAKEN = re.compile(
    "load_id|row_number|wave_number|wave_name|file_name|upload_timestamp|schema_version|raw_data|row_kind|"
    "row_reason|processed_flag|additional_metrics|row_issues|row_identity|row_key|id_key|superseded_by|"
    "superseded_because|completeness|validity|consistency|uniqueness|conformity|data_quality_score|"
    "processed_timestamp|code_version|is_complete|is_valid|is_consistent|is_repeated|cell_issues|"
    "repeated_issue|naming_issue|negative_figure|given_ctr|given_cpc|cells"
)
# reserved in DuckDB (duckdb_keywords()) or Snowflake (its list of reserved keywords)
_RESERVED = re.compile(
    "account|all|alter|analyse|analyze|and|anti|any|array|as|asc|asof|asymmetric|at|authorization|between|"
    "binary|both|by|case|cast|check|collate|collation|column|columns|concurrently|connect|connection|"
    "constraint|create|cross|current|current_date|current_time|current_timestamp|current_user|database|"
    "default|deferrable|delete|desc|describe|distinct|do|drop|else|end|except|exists|false|fetch|following|"
    "for|foreign|freeze|from|full|generated|glob|grant|group|gscluster|having|ilike|in|increment|initially|"
    "inner|insert|intersect|into|is|isnull|issue|join|lambda|lateral|leading|left|like|limit|localtime|"
    "localtimestamp|map|minus|natural|not|notnull|null|of|offset|on|only|or|order|organization|outer|overlaps|"
    "pivot|pivot_longer|pivot_wider|placing|positional|primary|qualify|references|regexp|returning|revoke|"
    "right|rlike|row|rows|sample|schema|select|semi|set|show|similar|some|start|struct|summarize|symmetric|"
    "table|tablesample|then|to|trailing|trigger|true|try_cast|tuple|union|unique|unpack|unpivot|update|using|"
    "values|variadic|verbose|view|when|whenever|where|window|with"
)


@dataclass(frozen=True, order=True)
class ClientKey:
    """A client on one platform in one year; make it with `client_schema()`, which checks the parts."""

    client: str
    platform: str
    year: int

    @property
    def name(self) -> str:
        """The schema: client_{client}_{platform}_{year}."""
        return f"client_{self.client}_{self.platform}_{self.year}"

    def __str__(self) -> str:
        """How messages name it."""
        return f"{self.client}/{self.platform}/{self.year}"


# its name before 0.2
ClientSchema = ClientKey


def client_schema(client: str, platform: str, year: int | str) -> ClientKey:
    """Check the parts of a client's name.

    Args:
        client: see CLIENT_RULE.
        platform: see PLATFORM_RULE.
        year: see YEAR_RULE.

    Raises:
        NameRefusedError: a part breaks its rule; the message gives the rule.

    """
    if not _CLIENT.fullmatch(client) or len(client) > MAX_CLIENT_LENGTH:
        raise NameRefusedError(f"The client '{client}' is not a valid name: {CLIENT_RULE}.")
    if not _PLATFORM.fullmatch(platform):
        raise NameRefusedError(f"The platform '{platform}' is not a valid name: {PLATFORM_RULE}.")
    if not _YEAR.fullmatch(str(year)):
        raise NameRefusedError(f"The year '{year}' is not valid: {YEAR_RULE}.")
    return ClientKey(client, platform, int(year))


def client_from_word(word: str) -> ClientKey:
    """Read a client as messages name it: 'acme/meta/2024'.

    Raises:
        NameRefusedError: there are not three parts, or one breaks its rule.

    """
    parts = word.split("/")
    if len(parts) != 3:
        raise NameRefusedError(f"The client '{word}' is not valid: give client/platform/year, such as acme/meta/2024.")
    return client_schema(*parts)


def wave_number(wave: int) -> int:
    """Check the number of a wave: 1 to 9999.

    Raises:
        NameRefusedError: it is not.

    """
    if not 1 <= wave <= 9999:
        raise NameRefusedError(f"The wave {wave} is not valid: give a whole number from 1 to 9999.")
    return wave


def target_column(name: str) -> str:
    """Check the name of a standard or promoted column.

    Raises:
        NameRefusedError: it breaks COLUMN_RULE.

    """
    if not _COLUMN.fullmatch(name):
        raise NameRefusedError(f"The column '{name}' is not a valid name: {COLUMN_RULE}.")
    return name


def promoted_column(name: str) -> str:
    """Check the name of a promoted column, which becomes a column beside those of every client.

    Raises:
        NameRefusedError: it has two underscores side by side, is reserved in SQL, or is that of another column.

    """
    for is_so, why in (
        (_RESERVED.fullmatch(name), "is reserved in SQL"),
        (_TAKEN.fullmatch(name), "is a column of each client"),
        ("__" in name, "has two underscores side by side, as the steps of typed_rows have"),
    ):
        if is_so:
            raise NameRefusedError(f"'{name}' {why}, so it can't be a promoted column; choose another --target.")
    return target_column(name)


def quote_identifier(name: str) -> str:
    """Quote a name for SQL (standard SQL: double quotes, doubled inside); any text is safe in it."""
    return '"' + name.replace('"', '""') + '"'


def quote_text(text: str) -> str:
    """Quote a text as a literal of standard SQL: single quotes, doubled inside; any text is safe in it."""
    return "'" + text.replace("'", "''") + "'"


def snake_case(header: str) -> str:
    """The key that a header gets in additional_metrics: ASCII, lower case, words joined by underscores.

    A header without any letter or digit becomes 'column'.
    """
    plain = unicodedata.normalize("NFKD", header).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower().replace("%", " percent "))
    key = "_".join(words)[:60].strip("_") or "column"
    return key if key[0].isalpha() else f"n_{key}"


def normalised_header(header: str) -> str:
    """A header as it is looked up in platform_columns: case, punctuation, accents, width and invisible joiners apart.

    Text that was UTF-8 and was read as Windows-1252 somewhere on its way ('dÃ©pensÃ©') is fixed first.
    """
    if "Ã" in header or "â€" in header:
        with suppress(UnicodeError):
            header = header.encode("cp1252").decode()
    plain = header.casefold()
    if not plain.isascii():
        text = unicodedata.normalize("NFKD", header).casefold()
        plain = "".join(
            [each for each in text if not unicodedata.combining(each) and unicodedata.category(each) != "Cf"]
        )
    return " ".join(_WORD.findall(plain))


def safe_file_name(name: str) -> str:
    """A file name without anything that a path or shell gives a meaning; its ending stays."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9.-]+", "_", plain).strip("._-")[-80:] or "export"


def misspelling_of(name: str, known: Iterable[str]) -> str | None:
    """The known name that another may be a misspelling of: one letter away, or two if it is long, with the same digits.

    A known name is no misspelling.
    """
    from rapidfuzz import process  # noqa: PLC0415 - few commands need it
    from rapidfuzz.distance import OSA  # noqa: PLC0415

    digits = re.findall(r"\d+", name)
    offers = [other for other in known if re.findall(r"\d+", other) == digits]
    most = 2 if len(name) >= _LONG else 1
    found = process.extractOne(name, sorted(offers), scorer=OSA.distance, score_cutoff=most)
    return found[0] if found and found[1] else None
