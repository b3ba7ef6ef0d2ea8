{#
  Purpose: run several statements in a run-operation. On DuckDB they are one transaction. On Snowflake each statement
    that makes or drops something commits itself, so statements that belong together come with in_transaction().
  Arguments: statements (text, each ended by a semicolon).
  Returns: nothing.
  Example: {% do run_script(client_schema_ddl('client_acme_meta_2024')) %}
#}
{% macro run_script(statements) %}{% do adapter.dispatch('run_script', 'spark9')(statements) %}{% endmacro %}

{% macro default__run_script(statements) %}{{ unsupported_adapter('run_script') }}{% endmacro %}

{% macro duckdb__run_script(statements) %}
  {%- do run_query('begin') -%}
  {%- do run_query(statements) -%}
  {%- do run_query('commit') -%}
{% endmacro %}

{% macro snowflake__run_script(statements) %}
  {%- do run_query(statements) -%}
{% endmacro %}
