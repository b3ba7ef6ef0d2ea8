"""Clients: the registry, what is generated from it, who may use what, and access to a client's tables.

It knows the registry's files and the schema of each client. It must not know what an export or a wave holds.
"""
