{# An id as ids are compared: a spreadsheet takes the zeros off 00123 and leaves 123. Few ids begin with one, and only those are looked at.
   Arguments: expression (SQL text expression).
   Returns: a text expression (text); null for null.
   Example: {{ compared_id('campaign_id') }} #}
{% macro compared_id(expression) -%}
  case when {{ expression }} like '0%' and {{ text_matches(expression, '[0-9]+') }} then {{ text_replace(expression, '^0+', '') }} else {{ expression }} end
{%- endmacro %}
