{#
  Purpose: what a table's definition says so that rows lie together by some columns; nothing where the warehouse has no such thing.
  Arguments: columns (list of names).
  Returns: text, or nothing.
  Example: create table t (day date){{ clustered_by(['day']) }}
#}
{% macro clustered_by(columns) %}{{ adapter.dispatch('clustered_by', 'spark9')(columns) }}{% endmacro %}

{% macro default__clustered_by(columns) %}{{ unsupported_adapter('clustered_by') }}{% endmacro %}

{% macro duckdb__clustered_by(columns) %}{% endmacro %}

{% macro snowflake__clustered_by(columns) %} cluster by ({{ columns | join(', ') }}){% endmacro %}
