{# An id without what spreadsheets, scripts and platforms put around it or in it: ="1202" and '1202 keep a spreadsheet from rounding it,
   1202.0 comes from a script that took it for a number, 120,212 has the marks of thousands, c:1202 the prefix of a bulk export. Anything
   else stays as it is, and so do leading zeros, of which compared_id() takes care.
   Arguments: expression (SQL text expression, trimmed, empty as null).
   Returns: a text expression (text).
   Example: {{ unwrapped_id('cell_3') }} #}
{% macro unwrapped_id(expression) -%}
  {%- set marked = '(' ~ id_with_thousands_pattern() ~ '|' ~ prefixed_id_pattern() ~ ')' -%}
  coalesce(nullif({{ text_part(expression, "^[=]?[\"']*([0-9]+)([.]0+)?[\"']*$") }}, ''), case when {{ text_matches(expression, marked) }} then {{ text_keep(expression, '0-9') }} else {{ expression }} end)
{%- endmacro %}
