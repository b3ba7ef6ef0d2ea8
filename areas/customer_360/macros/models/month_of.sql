{# The first day of a day's month.
   Arguments: day (SQL date expression).
   Returns: a date expression (text).
   Example: {{ month_of('transaction_date') }} #}
{% macro month_of(day) -%}
cast({{ dbt.date_trunc('month', day) }} as date)
{%- endmacro %}
