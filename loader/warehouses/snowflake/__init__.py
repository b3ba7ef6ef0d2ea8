"""Snowflake: one database with a schema, stage and roles for each client.

Rows go to Snowflake as Parquet by PUT and COPY, in as many statements for a row as for a million. What the statements
rest on is cited in docs/snowflake_statements.md. Only loader/workspace.py imports these modules, when a target asks.
"""
