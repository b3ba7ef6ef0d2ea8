{# The last day of a cell that names a period: a range, a week, a month, a quarter, a year.
   Arguments: expression (SQL text expression, trimmed), value_format (as date_format_parts() takes it).
   Returns: a date expression (text), or none where cells of this format name a day.
   Example: {{ period_end('cell_1', 'iso:week') }} #}
{% macro period_end(expression, value_format) -%}
  {%- set span = date_format_parts(value_format, 'period_end').span -%}
  {%- set start = parse_date(expression, value_format) -%}
  {%- if not span -%}
    {%- do return(none) -%}
  {%- elif span == 'range' -%}
    {%- do return(parse_date(expression, value_format, of_last_day=true)) -%}
  {%- elif span == 'week' -%}
    {%- do return(add_days('(' ~ start ~ ')', 6)) -%}
  {%- endif -%}
  {%- do return('last_day(' ~ add_months('(' ~ start ~ ')', {'month': 0, 'quarter': 2, 'year': 11}[span]) ~ ')') -%}
{%- endmacro %}
