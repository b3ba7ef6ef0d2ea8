{#
  Purpose: a day some days later, or earlier.
  Arguments: expression (SQL date expression), days (SQL integer expression).
  Returns: a date expression (text).
  Example: {{ add_days('date_start', 'number') }}
#}
{% macro add_days(expression, days) %}{{ adapter.dispatch('add_days', 'spark9')(expression, days) }}{% endmacro %}

{% macro default__add_days(expression, days) %}{{ unsupported_adapter('add_days') }}{% endmacro %}

{% macro duckdb__add_days(expression, days) %}{{ expression }} + cast({{ days }} as integer){% endmacro %}

{% macro snowflake__add_days(expression, days) %}cast(dateadd(day, {{ days }}, {{ expression }}) as date){% endmacro %}
