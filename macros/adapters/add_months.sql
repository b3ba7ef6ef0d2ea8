{#
  Purpose: the same day some months later; the last of the month where it has no such day.
  Arguments: expression (SQL date expression), months (integer).
  Returns: a date expression (text).
  Example: {{ add_months('date_start', 2) }}
#}
{% macro add_months(expression, months) %}{{ adapter.dispatch('add_months', 'spark9')(expression, months) }}{% endmacro %}

{% macro default__add_months(expression, months) %}{{ unsupported_adapter('add_months') }}{% endmacro %}

{% macro duckdb__add_months(expression, months) %}cast({{ expression }} + interval ({{ months | int }}) month as date){% endmacro %}

{% macro snowflake__add_months(expression, months) %}add_months({{ expression }}, {{ months | int }}){% endmacro %}
