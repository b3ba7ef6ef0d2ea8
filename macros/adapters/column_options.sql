{#
  Purpose: what stands behind a column of a loader's table. On DuckDB, raw rows are packed by ZSTD: half the time to write and
    two fifths of the room of what DuckDB would choose (docs/decisions/0001); Snowflake packs by itself.
  Arguments: table (string, a key of loader_tables()), column (string, one of its columns).
  Returns: column options (text), or nothing.
  Example: raw_data json{{ column_options('raw_data_staging', 'raw_data') }} not null
#}
{% macro column_options(table, column) %}{{ adapter.dispatch('column_options', 'spark9')(table, column) }}{% endmacro %}

{% macro default__column_options(table, column) %}{{ unsupported_adapter('column_options') }}{% endmacro %}

{% macro duckdb__column_options(table, column) %}{{ " using compression zstd" if [table, column] == ['raw_data_staging', 'raw_data'] }}{% endmacro %}

{% macro snowflake__column_options(table, column) %}{% endmacro %}
