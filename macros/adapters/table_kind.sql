{#
  Purpose: whether a loader's table is kept by Fail-safe. Raw rows can be landed again from the originals in the stage, so on
    Snowflake they are transient; what people decided, and the log, is permanent.
  Arguments: table (string, a key of loader_tables()).
  Returns: a word and a space to stand before `table` (text), or nothing.
  Example: create {{ table_kind('raw_data_staging') }}table
#}
{% macro table_kind(table) %}{{ adapter.dispatch('table_kind', 'spark9')(table) }}{% endmacro %}

{% macro default__table_kind(table) %}{{ unsupported_adapter('table_kind') }}{% endmacro %}

{% macro duckdb__table_kind(table) %}{% endmacro %}

{% macro snowflake__table_kind(table) %}{{ 'transient ' if table == 'raw_data_staging' }}{% endmacro %}
