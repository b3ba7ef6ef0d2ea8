"""Operations across all clients: their status, which are stale, and whether everything they need works.

It knows the registry and the clients' tables and changes none of them; people and dbt act on what it finds.
"""
