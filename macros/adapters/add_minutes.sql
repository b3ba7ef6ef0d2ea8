{#
  Purpose: a time some minutes later, or earlier.
  Arguments: expression (SQL timestamp expression), minutes (SQL integer expression).
  Returns: a timestamp expression (text).
  Example: {{ add_minutes('session_end', 30) }}
#}
{% macro add_minutes(expression, minutes) %}{{ adapter.dispatch('add_minutes', 'spark9')(expression, minutes) }}{% endmacro %}

{% macro default__add_minutes(expression, minutes) %}{{ unsupported_adapter('add_minutes') }}{% endmacro %}

{% macro duckdb__add_minutes(expression, minutes) %}{{ expression }} + to_minutes(cast({{ minutes }} as integer)){% endmacro %}

{% macro snowflake__add_minutes(expression, minutes) %}dateadd(minute, {{ minutes }}, {{ expression }}){% endmacro %}
