{#
  Purpose: whole seconds from one time to another, parts of a second left away.
  Arguments: earlier, later (SQL timestamp expressions).
  Returns: an integer expression (text).
  Example: {{ seconds_between('session_start', 'session_end') }}
#}
{% macro seconds_between(earlier, later) %}{{ adapter.dispatch('seconds_between', 'spark9')(earlier, later) }}{% endmacro %}

{% macro default__seconds_between(earlier, later) %}{{ unsupported_adapter('seconds_between') }}{% endmacro %}

{% macro duckdb__seconds_between(earlier, later) %}date_sub('second', {{ earlier }}, {{ later }}){% endmacro %}

{#- datediff counts how often the second changes, so whole seconds are taken from milliseconds -#}
{% macro snowflake__seconds_between(earlier, later) %}cast(floor(datediff(millisecond, {{ earlier }}, {{ later }}) / 1000) as bigint){% endmacro %}
