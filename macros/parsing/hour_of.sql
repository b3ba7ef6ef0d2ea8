{# The hour of the day that the text of a day with its time names.
   Arguments: expression (SQL text expression).
   Returns: an integer expression (text), 0 to 23; null where the text has no time.
   Example: {{ hour_of('cell_1') }} #}
{% macro hour_of(expression) -%}
  {%- set hour = 'try_cast(' ~ text_part(expression, '([0-9]{1,2}):[0-9]{2}') ~ ' as integer)' -%}
  case
    when {{ text_matches('lower(' ~ expression ~ ')', '.*p[.]?m[.]?') }} then {{ hour }} % 12 + 12
    when {{ text_matches('lower(' ~ expression ~ ')', '.*a[.]?m[.]?') }} then {{ hour }} % 12
    else {{ hour }}
  end
{%- endmacro %}
