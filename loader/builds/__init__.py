"""Builds across clients: which clients are stale, and who is told when a build finds something wrong.

It knows the registry and the clients' tables, and changes none of them: dbt does.
"""
