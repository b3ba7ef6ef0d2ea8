{#
  Purpose: what stands behind a loader's table: how long Time Travel reaches back, by the dbt var time_travel_days.
  Arguments: table (string, a key of loader_tables()).
  Returns: table options (text), or nothing.
  Example: create table t (...){{ table_options('processing_log') }};
#}
{% macro table_options(table) %}{{ adapter.dispatch('table_options', 'spark9')(table) }}{% endmacro %}

{% macro default__table_options(table) %}{{ unsupported_adapter('table_options') }}{% endmacro %}

{% macro duckdb__table_options(table) %}{% endmacro %}

{% macro snowflake__table_options(table) %} data_retention_time_in_days = {{ time_travel_days(table) }}{% endmacro %}
