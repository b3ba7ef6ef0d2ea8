{#
  Purpose: one cell of a CSV row of a feed.
  Arguments: cells (SQL expression, from parsed_feed_rows), position (integer, from 0).
  Returns: a text expression (text).
  Example: {{ list_cell('cells', 2) }}
#}
{% macro list_cell(cells, position) %}{{ adapter.dispatch('list_cell', 'spark9')(cells, position) }}{% endmacro %}

{% macro default__list_cell(cells, position) %}{{ unsupported_adapter('list_cell') }}{% endmacro %}

{% macro duckdb__list_cell(cells, position) %}{{ cells }}[{{ position + 1 }}]{% endmacro %}

{% macro snowflake__list_cell(cells, position) %}{{ cells }}[{{ position }}]::varchar{% endmacro %}
