"""The statements that fakesnow lacks, answered from the account's bookkeeping.

Each handler names the page of Snowflake's documentation whose syntax and result columns it follows; all stand under
https://docs.snowflake.com/en/sql-reference/sql/. A handler returns the rows of the answer, or the statement that
fakesnow is to run in its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from fakesnow.cursor import FakeSnowflakeCursor

from loader.areas import areas
from tests.emulator import tasks
from tests.emulator.account import Account, Grant, Refused
from tests.emulator.names import NAME, PART, part, qualified

# parts of Snowflake's formats, and the same for strftime
_FORM_PARTS = {
    "YYYY": "%Y", "MM": "%m", "DD": "%d", "HH24": "%H", "MI": "%M", "SS": "%S", "FF3": "%g", "FF6": "%f",
}  # fmt: skip
ACCOUNT_KINDS = ("DATABASE", "WAREHOUSE", "ROLE", "USER", "RESOURCE MONITOR", "INTEGRATION", "ACCOUNT")
_LENGTHS = {"SCHEMA": 2}
# what `grant all` gives, of the privileges that this project asks about
_ALL = {
    "TABLE": ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES"),
    "VIEW": ("SELECT", "REFERENCES"),
    "STAGE": ("READ", "WRITE"),
    "SCHEMA": ("USAGE", "MODIFY", "MONITOR", "CREATE TABLE", "CREATE VIEW", "CREATE STAGE"),
}


@dataclass
class Session:
    """What a connection has chosen."""

    database: str
    schema: str | None
    role: str = "ACCOUNTADMIN"
    user: str = "U"
    warehouse: str | None = None
    query_tag: str = ""
    in_transaction: bool = False
    has_committed: bool = False
    in_block: bool = False
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """Rows to send back; the columns are named as Snowflake names them."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str | None]]


# texts, quoted names, blocks and comments to the end of a line stay as they are; comments between /* and */ go, and ->> links statements
_PARTS = re.compile(r"""('(?:[^'\\]|\\.|'')*'|"(?:[^"]|"")*"|\$\$.*?\$\$|--[^\n]*)|(/\*.*?\*/)|(->>)""", re.DOTALL)
_LINK = "\0"
Handler = Callable[[Account, Session, re.Match[str]], "Answer | str"]
_HANDLERS: list[tuple[re.Pattern[str], Handler]] = []
# what areas add (areas/*/tests/emulator): other forms of a statement, COPYs that they answer themselves, and what is noted after it
REWRITES: list[Callable[[Account, Session, str], str]] = []
COPIES: list[Callable[[Account, FakeSnowflakeCursor, Session, str], Answer | None]] = []
NOTES: list[Callable[[Account, Session, str], None]] = []


def answer(account: Account, session: Session, sql: str) -> Answer | str | None:
    """What the account says to a statement, or the statement to run in its place; none if fakesnow knows it itself."""
    text = plain(sql)
    if len(links := _links(text)) > 1:
        return _chained(account, session, links)
    for pattern, handler in _HANDLERS:
        match = pattern.fullmatch(text)
        if match:
            return handler(account, session, match)
    return None


def _chained(account: Account, session: Session, statements: Sequence[str]) -> str:
    """operators-flow: the last statement of a chain, with the answers of those before it in the place of $1, $2 and so on."""
    *links, last = (statement.strip() for statement in statements)
    answers = [answer(account, session, link) for link in links]

    def rows(match: re.Match[str]) -> str:
        given = answers[-int(match[1])]
        if not isinstance(given, Answer):
            raise Refused("Only statements that the account answers can be chained here.")
        shown = [*given.rows, [None] * len(given.columns)]
        texts = [
            [f'cast({literal(value)} as varchar) as "{name}"' for name, value in zip(given.columns, row, strict=True)]
            for row in shown
        ]
        selects = [f"select {', '.join(text)}" for text in texts]
        return f"from ({' union all '.join([*selects[:-1], f'{selects[-1]} where false'])})"

    def literal(value: str | None) -> str:
        return "null" if value is None else "'" + value.replace("'", "''") + "'"

    return re.sub(r"from\s+\$(\d+)", rows, last)


def import_areas() -> None:
    """Make known what other modules answer: users, and what only an area has (areas/*/tests/emulator)."""
    for name in ("users", "objects", "task_runs", "dbt_projects"):
        import_module(f"tests.emulator.{name}")
    for area in areas():
        folder = Path(__file__).parents[2] / "areas" / area.name / "tests"
        if (folder / "emulator.py").is_file() or (folder / "emulator").is_dir():
            import_module(f"areas.{area.name}.tests.emulator")


def is_known(sql: str) -> bool:
    """Whether a statement is of one of the forms that are written out here, or a REMOVE."""
    text = plain(sql)
    if len(links := _links(text)) > 1:
        return all(is_known(link) for link in links[:-1])
    return text.lower().startswith("remove @") or any(pattern.fullmatch(text) for pattern, _ in _HANDLERS)


def plain(sql: str) -> str:
    """A statement without dbt's query comment and without a semicolon at its end."""
    return _PARTS.sub(lambda found: "" if found[2] else found[0], sql).strip().rstrip(";").strip()


def _links(text: str) -> list[str]:
    """The statements of a chain; one that is none is its only link."""
    return _PARTS.sub(lambda found: _LINK if found[3] else found[0], text).split(_LINK)


def handles(pattern: str) -> Callable[[Handler], Handler]:
    """Register a handler for statements of a form: NAME and PART stand for names, a space for any white space."""
    spaced = pattern.replace(" ", r"\s+").replace("NAME", f"({NAME})").replace("PART", f"({PART})")

    def register(handler: Handler) -> Handler:
        _HANDLERS.append((re.compile(spaced, re.IGNORECASE | re.DOTALL), handler))
        return handler

    return register


def _done(text: str = "Statement executed successfully.") -> Answer:
    return Answer(["status"], [[text]])


def full_name(session: Session, kind: str, name: str) -> str:
    """An object's name with all the parts that its kind has."""
    length = 1 if kind in ACCOUNT_KINDS else _LENGTHS.get(kind, 3)
    return qualified(name, session.database, session.schema, length)


# --- sessions


@handles(r"use warehouse PART")
def _use_warehouse(_account: Account, session: Session, match: re.Match[str]) -> Answer:
    """use-warehouse."""
    session.warehouse = part(match[1])
    return _done()


@handles(r"alter session (?:set|unset) (?!autocommit)(\w+)(?: ?= ?(.*))?")
def _alter_session(_account: Account, session: Session, match: re.Match[str]) -> Answer:
    """alter-session; the query tag is kept, and what else it sets, of which DATE_INPUT_FORMAT is looked at."""
    value = (match[2] or "").strip("'")
    if match[1].upper() == "QUERY_TAG":
        session.query_tag = value
    elif match[2]:
        session.parameters[match[1].upper()] = value
    else:
        session.parameters.pop(match[1].upper(), None)
    return _done()


# --- roles and users


@handles(r"create role( if not exists)? PART(?: comment ?= ?'.*')?")
def _create_role(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """create-role."""
    role = part(match[2])
    if role in account.roles and not match[1]:
        raise Refused(f"Object '{role}' already exists.")
    if role not in account.roles:
        account.require_creator(session.role, "ROLE", role)
        account.roles.add(role)
        account.create("ROLE", role, session.role)
    return _done(f"Role {role} successfully created.")


@handles(r"drop role( if exists)? PART")
def _drop_role(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """drop-role."""
    role = part(match[2])
    if not match[1] or role in account.roles:
        account.require_grantor(session.role, "OWNERSHIP", "ROLE", role)
        account.drop_role(role)
        account.drop("ROLE", role)
    return _done(f"{role} successfully dropped.")


@handles(r"show roles(?: like '(.*)')?")
def _show_roles(account: Account, _session: Session, match: re.Match[str]) -> Answer:
    """show-roles."""
    wanted = (match[1] or "%").replace("\\\\", "").replace("\\", "").upper()
    return Answer(["name"], [[role] for role in sorted(account.roles) if wanted in ("%", role)])


@handles(r"(grant|revoke) role PART (?:to|from) (role|user) PART")
def _grant_role(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """grant-role, revoke-role."""
    role, kind, name = part(match[2]), match[3].upper(), part(match[4])
    account.require_role(role)
    account.require_grantor(session.role, "OWNERSHIP", "ROLE", role)
    if name not in (account.users if kind == "USER" else account.roles):
        raise Refused(f"{kind.title()} '{name}' does not exist or not authorized.")
    if match[1].lower() == "grant":
        account.role_members.add((role, kind, name))
    else:
        account.role_members.discard((role, kind, name))
    return _done()


# --- privileges


def _privileges(text: str, kind: str) -> Sequence[str]:
    names = [" ".join(name.split()).upper() for name in text.split(",")]
    return _ALL.get(kind, ("USAGE",)) if names[0] in ("ALL", "ALL PRIVILEGES") else names


@handles(
    r"(grant|revoke) ([\w ,]+?) on (all|future) (tables|views|stages|file formats|streams|tasks) in schema NAME "
    r"(?:to|from) role PART"
)
def _grant_in_schema(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """grant-privilege: all and future objects of a schema."""
    kind = match[4].upper().removesuffix("S")
    schema, role = full_name(session, "SCHEMA", match[5]), part(match[6])
    account.require_role(role)
    account.require_grantor(session.role, "OWNERSHIP", "SCHEMA", schema)
    is_future = match[3].lower() == "future"
    names = [f"{schema}.<{kind}>"] if is_future else account.names_in(kind, schema)
    store = account.future_grants if is_future else account.grants
    for name in names:
        for privilege in _privileges(match[2], kind):
            grant = Grant(privilege, kind, name, role)
            (store.add if match[1].lower() == "grant" else store.discard)(grant)
    return _done()


@handles(r"grant imported privileges on database NAME to role PART")
def _grant_imported(account: Account, _session: Session, match: re.Match[str]) -> Answer:
    """grant-privilege: a share's database is used as a whole."""
    account.require_role(part(match[2]))
    account.grants.add(Grant("USAGE", "DATABASE", part(match[1]), part(match[2])))
    return _done()


@handles(r"(grant|revoke) ([\w ,]+?) on account (?:to|from) role PART")
def _grant_on_account(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """grant-privilege: global privileges."""
    role = part(match[3])
    account.require_role(role)
    for privilege in _privileges(match[2], "ACCOUNT"):
        account.require_grantor(session.role, privilege, "ACCOUNT", "ACCOUNT")
        grant = Grant(privilege, "ACCOUNT", "ACCOUNT", role)
        (account.grants.add if match[1].lower() == "grant" else account.grants.discard)(grant)
    return _done()


@handles(
    r"(grant|revoke) ([\w ,]+?) on "
    r"(schema|table|view|stage|file format|stream|task|procedure|database|warehouse|resource monitor|masking policy|tag|integration) "
    r'((?:[\w$]+|"[^"]+")(?:\.(?:[\w$]+|"[^"]+"))*(?:\([\w, ]*\))?) (?:to|from) role PART( copy current grants| with grant option)?'
)
def _grant_on_object(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """grant-privilege, grant-ownership."""
    kind = match[3].upper()
    name, role = full_name(session, kind, match[4]), part(match[5])
    account.require_role(role)
    if (kind, name) not in account.objects:
        raise Refused(f"{kind.title()} '{name}' does not exist or not authorized.")
    for privilege in _privileges(match[2], kind):
        account.require_grantor(session.role, privilege, kind, name)
        if privilege == "OWNERSHIP":
            account.grants = {
                grant
                for grant in account.grants
                if (grant.privilege, grant.kind, grant.name) != (privilege, kind, name)
            }
        grant = Grant(privilege, kind, name, role)
        (account.grants.add if match[1].lower() == "grant" else account.grants.discard)(grant)
        if "grant option" in " ".join((match[6] or "").lower().split()):
            account.grant_options.add(grant)
    return _done()


_GRANT_COLUMNS = ("privilege", "granted_on", "name", "granted_to", "grantee_name", "grant_option")
_FUTURE_COLUMNS = ("privilege", "grant_on", "name", "grant_to", "grantee_name", "grant_option")


def _rows(grants: Sequence[Grant]) -> list[list[str | None]]:
    return [
        [grant.privilege, grant.kind.replace(" ", "_"), grant.name, "ROLE", grant.role, "false"]
        for grant in sorted(grants)
    ]


@handles(r"show grants to role PART")
def _show_grants_to(account: Account, _session: Session, match: re.Match[str]) -> Answer:
    """show-grants: what a role holds itself, inherited roles as USAGE on them."""
    role = part(match[1])
    account.require_role(role)
    own = [grant for grant in account.grants if grant.role == role]
    own += [
        Grant("USAGE", "ROLE", inner, role) for inner, kind, to in account.role_members if (kind, to) == ("ROLE", role)
    ]
    return Answer(_GRANT_COLUMNS, _rows(own))


@handles(r"show grants of role PART")
def _show_grants_of(account: Account, _session: Session, match: re.Match[str]) -> Answer:
    """show-grants: who has a role."""
    role = part(match[1])
    account.require_role(role)
    members = sorted((kind, name) for known, kind, name in account.role_members if known == role)
    return Answer(["role", "granted_to", "grantee_name"], [[role, kind, name] for kind, name in members])


@handles(r"show grants on (schema|table|stage|database|warehouse|view) NAME")
def _show_grants_on(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """show-grants: who holds what on an object."""
    kind = match[1].upper()
    name = full_name(session, kind, match[2])
    if (kind, name) not in account.objects:
        raise Refused(f"{kind.title()} '{name}' does not exist or not authorized.")
    return Answer(
        _GRANT_COLUMNS, _rows([grant for grant in account.grants if (grant.kind, grant.name) == (kind, name)])
    )


@handles(r"show future grants in schema NAME")
def _show_future_grants(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """show-grants: future grants of a schema."""
    prefix = full_name(session, "SCHEMA", match[1]) + ".<"
    return Answer(_FUTURE_COLUMNS, _rows([grant for grant in account.future_grants if grant.name.startswith(prefix)]))


@handles(r"show future grants to role PART")
def _show_future_grants_to(account: Account, _session: Session, match: re.Match[str]) -> Answer:
    """show-grants: future grants that a role is to get."""
    role = part(match[1])
    return Answer(_FUTURE_COLUMNS, _rows([grant for grant in account.future_grants if grant.role == role]))


# --- account objects that hold no data


def _properties(text: str) -> dict[str, str]:
    found = re.findall(r"(\w+)\s*=\s*('[^']*'|[\w.]+)", text or "")
    return {name.upper(): value.strip("'").upper() for name, value in found}


@handles(r"create( or replace)? (warehouse|resource monitor)( if not exists)? PART(?: (?:with )?(.*))?")
def _create_account_object(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """create-warehouse, create-resource-monitor."""
    kind, name = " ".join(match[2].upper().split()), part(match[4])
    if (kind, name) in account.objects and not match[1]:
        if not match[3]:
            raise Refused(f"Object '{name}' already exists.")
        return _done(f"{name} already exists, statement succeeded.")
    account.require_creator(session.role, kind, name)
    account.create(kind, name, session.role, **_properties(match[5]))
    return _done(f"{kind.title()} {name} successfully created.")


@handles(r"alter (warehouse|resource monitor)( if exists)? PART set (.*)")
def _alter_account_object(account: Account, _session: Session, match: re.Match[str]) -> Answer:
    """alter-warehouse, alter-resource-monitor."""
    key = (" ".join(match[1].upper().split()), part(match[3]))
    if key not in account.objects:
        raise Refused(f"{key[0].title()} '{key[1]}' does not exist or not authorized.")
    account.objects[key].update(_properties(match[4]))
    return _done()


@handles(r"show (warehouses|resource monitors)(?: like '(.*)')?")
def _show_account_objects(account: Account, _session: Session, match: re.Match[str]) -> Answer:
    """show-warehouses, show-resource-monitors; properties as they were set."""
    kind = " ".join(match[1].upper().split()).removesuffix("S")
    wanted = (match[2] or "%").replace("\\\\", "").replace("\\", "").upper()
    shown = {
        "WAREHOUSE": {"WAREHOUSE_SIZE": "size", "AUTO_SUSPEND": "auto_suspend", "RESOURCE_MONITOR": "resource_monitor"},
        "RESOURCE MONITOR": {"CREDIT_QUOTA": "credit_quota"},
    }[kind]
    rows = [
        [name, *(properties.get(key) for key in shown)]
        for (known, name), properties in sorted(account.objects.items())
        if known == kind and wanted in ("%", name)
    ]
    return Answer(["name", *shown.values()], rows)


# --- schema objects that the account keeps; streams.py, task_runs.py, dbt_projects.py and scripting.py run them

_NATIVE = r"(stream|task|procedure|dbt project|file format)"


@handles(rf"create( or replace)? {_NATIVE}( if not exists)? NAME(.*)")
def _create_native(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """create-stream, create-task, create-procedure, create-dbt-project, create-file-format."""
    kind, name = " ".join(match[2].upper().split()), full_name(session, " ".join(match[2].upper().split()), match[4])
    if kind == "PROCEDURE":
        arguments = match[5].partition("(")[2].partition(")")[0]
        name += f"({', '.join(argument.split()[1] for argument in arguments.split(',') if argument.split())})"
    if (kind, name) in account.objects and not match[1]:
        if not match[3]:
            raise Refused(f"Object '{name}' already exists.")
        return _done(f"{name} already exists, statement succeeded.")
    account.require_creator(session.role, kind, name)
    if kind == "TASK":
        tasks.require_graph(account, name, match[5])
    account.create(kind, name, session.role, STATE="suspended", DEFINITION=match[5])
    return _done(f"{kind.title()} {name} successfully created.")


@handles(r"create( or replace)? view NAME as (select .* from table\(.*information_schema\.\w+\(.*)")
def _create_history_view(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """create-view: one over a table function of information_schema, which there is none of."""
    account.create("VIEW", full_name(session, "VIEW", match[2]), session.role, DEFINITION=match[3])
    return _done(f"View {match[2].upper()} successfully created.")


@handles(rf"drop {_NATIVE}( if exists)? NAME(?:\([\w, ]*\))?")
def _drop_native(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """drop-stream, drop-task, drop-procedure."""
    kind = " ".join(match[1].upper().split())
    account.drop(kind, full_name(session, kind, match[3]))
    return _done()


@handles(r"alter task( if exists)? NAME (resume|suspend)")
def _alter_task(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """alter-task."""
    key = ("TASK", full_name(session, "TASK", match[2]))
    if key not in account.objects:
        if match[1]:
            return _done()
        raise Refused(f"Task '{key[1]}' does not exist or not authorized.")
    tasks.require_suspended_root(account, key[1])
    account.objects[key]["STATE"] = "started" if match[3].lower() == "resume" else "suspended"
    return _done()


@handles(r"show tasks in (schema|database) NAME")
def _show_tasks(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """show-tasks."""
    place = full_name(session, match[1].upper(), match[2]) + "."
    of_database = match[1].lower() == "database"
    rows = []
    for (kind, name), properties in sorted(account.objects.items()):
        if kind == "TASK" and name.startswith(place):
            row = [*reversed(name.split(".")[1 if of_database else 2 :]), properties["STATE"]]
            rows.append([*row, *tasks.described(name, properties["DEFINITION"])] if of_database else row)
    columns = ["name", "schema_name", "state", "definition", "predecessors"]
    return Answer(columns if of_database else ["name", "state"], rows)


# --- statements that fakesnow runs once a clause is taken off


@handles(r"(create(?: or replace)?(?: transient)? schema(?: if not exists)? NAME)(.*?)")
def _create_schema(_account: Account, _session: Session, match: re.Match[str]) -> str:
    """create-schema: with managed access, retention and comment are not kept."""
    return match[1]


@handles(r"alter schema NAME (?:enable|disable) managed access")
def _manage_access(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """alter-schema: for the owner; all schemas are taken to have managed access."""
    account.require_grantor(session.role, "OWNERSHIP", "SCHEMA", full_name(session, "SCHEMA", match[1]))
    return _done()


@handles(r"alter table NAME alter (?:column )?(.* comment \$\$.*\$\$)")
def _comment_columns(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """alter-table-column: comments are kept beside the table."""
    table = full_name(session, "TABLE", match[1])
    for column, comment in re.findall(rf"({PART})\s+comment\s+\$\$(.*?)\$\$", match[2], re.IGNORECASE | re.DOTALL):
        account.objects["COMMENT", f"{table}.{part(column)}"] = {"COMMENT": comment}
    return _done()


@handles(r"comment on (table|schema|view) NAME is \$\$(.*)\$\$")
def _comment(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """The page comment."""
    account.objects["COMMENT", full_name(session, match[1].upper(), match[2]) + "."] = {"COMMENT": match[3]}
    return _done()


@handles(r"show comments in table NAME")
def _show_comments(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """Not a statement of Snowflake: what tests ask where they would look at information_schema.columns."""
    prefix = full_name(session, "TABLE", match[1]) + "."
    rows = [
        [name.removeprefix(prefix), kept["COMMENT"]]
        for (kind, name), kept in sorted(account.objects.items())
        if kind == "COMMENT" and name.startswith(prefix)
    ]
    return Answer(["column", "comment"], rows)


@handles(
    r"select table_schema as \"schema\", table_name as \"name\", privilege_type as \"privilege\", grantee as \"grantee\" from PART\.information_schema\.table_privileges"
)
def _table_privileges(account: Account, _session: Session, match: re.Match[str]) -> Answer:
    """../info-schema/table_privileges: the one query that the audit makes of it."""
    prefix = f"{part(match[1])}."
    rows = [
        [*grant.name.removeprefix(prefix).split("."), grant.privilege, grant.role]
        for grant in sorted(account.grants)
        if grant.kind == "TABLE" and grant.name.startswith(prefix)
    ]
    return Answer(["schema", "name", "privilege", "grantee"], rows)


@handles(r"alter account set (date_output_format|timestamp_ntz_output_format) ?= ?'(.*)'")
def _output_format(account: Account, _session: Session, match: re.Match[str]) -> Answer:
    """../parameters: how dates and timestamps become text where a cast has no format."""
    account.formats[match[1].upper()] = strftime_form(match[2])
    return _done()


def strftime_form(form: str) -> str:
    """A format of Snowflake's in DuckDB's form."""
    for of_snowflake, of_duckdb in _FORM_PARTS.items():
        form = form.replace(of_snowflake, of_duckdb)
    return form


@handles(r"alter (?:schema|database|table|account)( if exists)? NAME set (?!tag).*")
def _alter_properties(_account: Account, _session: Session, _match: re.Match[str]) -> Answer:
    """alter-schema, alter-database, alter-table: retention, comments and the like are not kept."""
    return _done()


@handles(r"(create(?: or replace)? )(?:temporary|temp)( (?:table|view) NAME.*)")
def _create_temporary(_account: Account, _session: Session, match: re.Match[str]) -> str:
    """create-table, create-view: a temporary one is a plain one here, since DuckDB has them in no schema."""
    return match[1] + match[2].strip()


@handles(
    r"(create(?: or replace)? (?:transient )?table(?: if not exists)? NAME \(.*\)) ((?:\w+ ?= ?(?:\d+|'[^']*') ?)+)"
)
def _create_table_with_properties(_account: Account, _session: Session, match: re.Match[str]) -> str:
    """create-table: retention and comment behind the columns are not kept."""
    return match[1]
