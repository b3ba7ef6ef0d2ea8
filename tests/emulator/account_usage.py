"""The views of SNOWFLAKE.ACCOUNT_USAGE that the project reads, as tables with the columns that it asks for.

https://docs.snowflake.com/en/sql-reference/account-usage/query_attribution_history and .../table_storage_metrics.
"""

STATEMENTS = (
    "create database if not exists snowflake",
    "create schema if not exists snowflake.account_usage",
    "create table if not exists snowflake.account_usage.query_attribution_history "
    "(query_id varchar, query_tag varchar, start_time timestamp_ntz, credits_attributed_compute double)",
    "create table if not exists snowflake.account_usage.table_storage_metrics "
    "(table_catalog varchar, table_schema varchar, table_name varchar, active_bytes bigint, time_travel_bytes bigint, "
    "failsafe_bytes bigint, retained_for_clone_bytes bigint)",
)
