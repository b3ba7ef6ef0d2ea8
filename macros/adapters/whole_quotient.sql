{#
  Purpose: how often a number goes into another, the rest left away.
  Arguments: expression (SQL integer expression, not negative), divisor (integer).
  Returns: an integer expression (text).
  Example: {{ whole_quotient('customer_id - 1', 400) }}
#}
{% macro whole_quotient(expression, divisor) %}{{ adapter.dispatch('whole_quotient', 'spark9')(expression, divisor) }}{% endmacro %}

{% macro default__whole_quotient(expression, divisor) %}{{ unsupported_adapter('whole_quotient') }}{% endmacro %}

{% macro duckdb__whole_quotient(expression, divisor) %}(({{ expression }}) // {{ divisor }}){% endmacro %}

{#- `/` gives decimal places that are rounded, so the rest is taken away first -#}
{% macro snowflake__whole_quotient(expression, divisor) %}cast((({{ expression }}) - ({{ expression }}) % {{ divisor }}) / {{ divisor }} as bigint){% endmacro %}
