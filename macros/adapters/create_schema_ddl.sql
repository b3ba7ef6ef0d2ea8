{#
  Purpose: the statement that makes a client's schema. On Snowflake with managed access: only the schema's owner gives
    privileges on what is in it, not whoever made a table.
  Arguments: schema_name (string).
  Returns: one statement (text) with its semicolon.
  Example: {{ create_schema_ddl('client_acme_meta_2024') }}
#}
{% macro create_schema_ddl(schema_name) %}{{ adapter.dispatch('create_schema_ddl', 'spark9')(schema_name) }}{% endmacro %}

{% macro default__create_schema_ddl(schema_name) %}{{ unsupported_adapter('create_schema_ddl') }}{% endmacro %}

{% macro duckdb__create_schema_ddl(schema_name) %}create schema if not exists {{ schema_name }};{% endmacro %}

{% macro snowflake__create_schema_ddl(schema_name) %}create schema if not exists {{ schema_name }} with managed access data_retention_time_in_days = {{ time_travel_days('schema') }};{% endmacro %}
