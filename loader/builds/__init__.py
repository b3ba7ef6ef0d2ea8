"""Builds across clients: which clients are stale, and who is alerted when a build finds something wrong.

It knows the registry and the clients' tables, and changes none of them: dbt does.
"""
