{#
  Purpose: a cell without the spaces around it, null where nothing else is in it. DuckDB looks at each character for a space
    of any language, which takes three times as long as to see that there is none to take off.
  Arguments: expression (SQL text expression).
  Returns: a text expression (text).
  Example: {{ trimmed_cell('cells[3]') }}
#}
{% macro trimmed_cell(expression) %}{{ adapter.dispatch('trimmed_cell', 'spark9')(expression) }}{% endmacro %}

{% macro default__trimmed_cell(expression) %}{{ unsupported_adapter('trimmed_cell') }}{% endmacro %}

{% macro duckdb__trimmed_cell(expression) -%}
  case when starts_with({{ expression }}, ' ') or ends_with({{ expression }}, ' ') or strlen({{ expression }}) <> length({{ expression }}) then nullif(trim({{ expression }}), '') when {{ expression }} <> '' then {{ expression }} end
{%- endmacro %}

{% macro snowflake__trimmed_cell(expression) %}nullif(trim({{ expression }}), ''){% endmacro %}
