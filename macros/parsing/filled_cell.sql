{# A cell, or null where it holds one of the empty_values().
   Arguments: expression (SQL text expression, trimmed, empty as null).
   Returns: a text expression (text). One pattern, not a list of values: an IN list a column makes DuckDB plan a file of 100 columns for 8 s
     instead of 0.1 s (docs/decisions/0004).
   Example: {{ filled_cell('cell_3') }} #}
{% macro filled_cell(expression) -%}
  case when not {{ is_empty_value(expression) }} then {{ expression }} end
{%- endmacro %}

{# Whether a cell holds one of the empty_values(); null for null. Arguments: expression (SQL text expression, trimmed). #}
{% macro is_empty_value(expression) %}{{ text_matches('lower(' ~ expression ~ ')', empty_values() | join('|')) }}{% endmacro %}
