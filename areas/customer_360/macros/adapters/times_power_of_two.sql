{#
  Purpose: a whole number times a power of two.
  Arguments: expression (SQL integer expression, not negative), bits (SQL integer expression: the exponent).
  Returns: an integer expression (text).
  Example: {{ times_power_of_two('median_cents', 'exponent') }}
#}
{% macro times_power_of_two(expression, bits) %}{{ adapter.dispatch('times_power_of_two', 'spark9')(expression, bits) }}{% endmacro %}

{% macro default__times_power_of_two(expression, bits) %}{{ unsupported_adapter('times_power_of_two') }}{% endmacro %}

{% macro duckdb__times_power_of_two(expression, bits) %}(({{ expression }}) << ({{ bits }})){% endmacro %}

{#- the parentheses are for translators that make an operator of the function -#}
{% macro snowflake__times_power_of_two(expression, bits) %}(bitshiftleft(({{ expression }}), ({{ bits }}))){% endmacro %}
