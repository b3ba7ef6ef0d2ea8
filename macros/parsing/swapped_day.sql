{# A day with day and month in each other's place; null where that is none.
   Arguments: expression (SQL date expression).
   Returns: a date expression (text).
   Example: {{ swapped_day("date '2024-08-03'") }} #}
{% macro swapped_day(expression) -%}
  {%- set parts = [] -%}
  {%- for part in ('year', 'day', 'month') -%}
    {%- do parts.append('extract(' ~ part ~ ' from ' ~ expression ~ ')') -%}
  {%- endfor -%}
  {{ try_date_of_form(parts | join(" || '-' || "), '%Y-%m-%d', 'YYYY-MM-DD') }}
{%- endmacro %}
