{#
  Purpose: which schemas have a table of some name, asked of the warehouse's catalogue once.
  Arguments: table (string, lower case).
  Returns: a select statement (text) of one column, the schema's name in lower case.
  Example: {% set schemas = run_query(tables_found('raw_data_staging')).columns[0].values() %}
#}
{% macro tables_found(table) %}{{ adapter.dispatch('tables_found', 'spark9')(table) }}{% endmacro %}

{% macro default__tables_found(table) %}{{ unsupported_adapter('tables_found') }}{% endmacro %}

{% macro duckdb__tables_found(table) %}
select schema_name
from duckdb_tables()
where
    database_name = current_database()
    and table_name = {{ text_literal(table) }}
{% endmacro %}

{% macro snowflake__tables_found(table) %}
select lower(table_schema) as schema_name
from information_schema.tables
where table_name = {{ text_literal(table | upper) }}
{% endmacro %}
