{#
  Purpose: the lowest bits of a whole number.
  Arguments: expression (SQL integer expression, not negative), bits (integer).
  Returns: an integer expression (text).
  Example: {{ low_bits('draw', 8) }} gives 0 to 255
#}
{% macro low_bits(expression, bits) %}{{ adapter.dispatch('low_bits', 'spark9')(expression, bits) }}{% endmacro %}

{% macro default__low_bits(expression, bits) %}{{ unsupported_adapter('low_bits') }}{% endmacro %}

{% macro duckdb__low_bits(expression, bits) %}(({{ expression }}) & {{ 2 ** bits - 1 }}){% endmacro %}

{#- the parentheses are for translators that make an operator of the function -#}
{% macro snowflake__low_bits(expression, bits) %}(bitand(({{ expression }}), {{ 2 ** bits - 1 }})){% endmacro %}
