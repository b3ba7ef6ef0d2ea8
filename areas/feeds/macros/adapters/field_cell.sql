{#
  Purpose: one declared field of a JSON row of a feed, as text.
  Arguments: cells (SQL expression, from parsed_feed_rows), known (list of strings: the fields), position (integer, from 0).
  Returns: a text expression (text); null where the row has no such field.
  Example: {{ field_cell('cells', ['event_id'], 0) }}
#}
{% macro field_cell(cells, known, position) %}{{ adapter.dispatch('field_cell', 'spark9')(cells, known, position) }}{% endmacro %}

{% macro default__field_cell(cells, known, position) %}{{ unsupported_adapter('field_cell') }}{% endmacro %}

{% macro duckdb__field_cell(cells, known, position) %}{{ cells }}[{{ position + 1 }}]{% endmacro %}

{% macro snowflake__field_cell(cells, known, position) %}{{ cells }}[{{ text_literal(known[position]) }}]::varchar{% endmacro %}
