"""Which clients' earlier waves have what an uploaded export names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping

from app.marts import Marts, literal
from app.proposals import Evidence
from loader.names import ClientKey


def evidence(
    marts: Marts, clients: Mapping[str, ClientKey], accounts: Collection[str], campaigns: Collection[str]
) -> list[Evidence]:
    """What of an export's accounts and campaigns the waves of these clients have, by the client's name.

    Args:
        marts: who looks at what.
        clients: the clients that may be named, by schema.
        accounts: the names and ids of the export's accounts.
        campaigns: the names and ids of its campaigns.

    """
    if not marts.are_built():
        return []
    with_account = _by_client(clients, _accounts(marts, clients, accounts)) if accounts else Counter()
    with_campaign = _by_client(clients, _campaigns(marts, campaigns)) if campaigns else Counter()
    return [Evidence(name, with_account[name], with_campaign[name]) for name in {*with_account, *with_campaign}]


def _by_client(clients: Mapping[str, ClientKey], found: set[tuple[str, str]]) -> Counter[str]:
    """How many names the waves of each client have, on whatever platform and in whatever year."""
    return Counter(
        client for client, _ in {(clients[schema].client, name) for schema, name in found if schema in clients}
    )


def _campaigns(marts: Marts, campaigns: Collection[str]) -> set[tuple[str, str]]:
    listed = ", ".join(map(literal, sorted(campaigns)))
    rows = marts.rows(
        " union ".join(
            f"select distinct client_schema, {column} as name from {marts.mart('performance_by_day')} "
            f"where {column} in ({listed})"
            for column in ("campaign_name", "campaign_id")
        )
    )
    return {(row["client_schema"], row["name"]) for row in rows}


def _accounts(marts: Marts, clients: Mapping[str, ClientKey], accounts: Collection[str]) -> set[tuple[str, str]]:
    """The accounts by id, of which digits alone are compared, and by name."""
    built = {row["client_schema"] for row in marts.rows(f"select distinct client_schema from {marts.mart('waves')}")}
    ids = {digits for name in accounts if (digits := re.sub("[^0-9]", "", name).lstrip("0"))}
    wanted = {"own_account_id": ids, "own_account_name": set(accounts)}
    selects = [
        f"select distinct {literal(schema)} as client_schema, {marts.macro('account_of_row', column)} as name "
        f"from {marts.table(client, 'processed_campaign_data')} "
        f"where {marts.macro('account_of_row', column)} in ({', '.join(map(literal, sorted(values)))})"
        for schema, client in clients.items()
        if schema in built
        for column, values in wanted.items()
        if values
    ]
    return (
        {(row["client_schema"], row["name"]) for row in marts.rows(" union all ".join(selects))} if selects else set()
    )
