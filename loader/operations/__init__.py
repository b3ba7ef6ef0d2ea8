"""Looking after all clients at once: how they stand, what is new, whether everything that is needed works.

It knows the registry and the clients' tables and changes none of them; what it finds, people and dbt act upon.
"""
