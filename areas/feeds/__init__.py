"""Feeds: batches of files that are not waves, such as customers and clickstream (areas/engagement/docs/engagement.md).

What a feed is, is declared in the dbt project (declared.py); how its files get into a table is each warehouse's
(duckdb.py, snowflake.py). The rest is what all feeds share: which files are new, what was rejected, the logs, alerts,
and the run of ingestion, build and checks.
"""
