{#
  Purpose: a whole number without its lowest bits: divided by a power of two, the rest left away.
  Arguments: expression (SQL integer expression, not negative), bits (integer: how many bits are left away).
  Returns: an integer expression (text).
  Example: {{ high_bits('draw', 16) }}
#}
{% macro high_bits(expression, bits) %}{{ adapter.dispatch('high_bits', 'spark9')(expression, bits) }}{% endmacro %}

{% macro default__high_bits(expression, bits) %}{{ unsupported_adapter('high_bits') }}{% endmacro %}

{% macro duckdb__high_bits(expression, bits) %}(({{ expression }}) >> {{ bits }}){% endmacro %}

{#- the parentheses are for translators that make an operator of the function -#}
{% macro snowflake__high_bits(expression, bits) %}(bitshiftright(({{ expression }}), {{ bits }})){% endmacro %}
