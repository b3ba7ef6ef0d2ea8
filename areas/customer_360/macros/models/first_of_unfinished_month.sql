{# The first day of the month that is not whole yet on a day; all months before it are.
   Arguments: day (SQL date expression: the last day that there is).
   Returns: a date expression (text).
   Example: {{ first_of_unfinished_month(last_transaction_day(ref('gold__fct_transactions'))) }} #}
{% macro first_of_unfinished_month(day) -%}
{{ month_of('cast(' ~ add_days(day, 1) ~ ' as date)') }}
{%- endmacro %}
