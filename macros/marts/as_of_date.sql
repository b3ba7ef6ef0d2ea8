{# The day on which 'today', 'this week' and 'the last 7 days' end: the dbt var as_of_date, else the current day in UTC.
   Returns: a date expression (text).
   Example: where processing_date = {{ as_of_date() }} #}
{% macro as_of_date() -%}
  {%- if var('as_of_date') -%}
  cast({{ text_literal(var('as_of_date')) }} as date)
  {%- else -%}
  cast({{ current_time_utc() }} as date)
  {%- endif -%}
{%- endmacro %}
