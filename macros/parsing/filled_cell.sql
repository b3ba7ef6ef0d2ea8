{#
  Purpose: a cell, or null where it holds one of the empty_values().
  Arguments: expression (SQL text expression, trimmed, empty as null).
  Returns: a text expression (text).
  Example: {{ filled_cell('cell_3') }}
#}
{% macro filled_cell(expression) -%}
  {%- set literals = [] -%}
  {%- for value in empty_values() -%}{%- do literals.append(text_literal(value)) -%}{%- endfor -%}
  case when lower({{ expression }}) not in ({{ literals | join(', ') }}) then {{ expression }} end
{%- endmacro %}
