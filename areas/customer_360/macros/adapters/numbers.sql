{# `expression` (integer, not negative) without its lowest `bits` (integer). #}
{% macro high_bits(expression, bits) %}{{ adapter.dispatch('high_bits', 'spark9')(expression, bits) }}{% endmacro %}
{% macro duckdb__high_bits(expression, bits) %}(({{ expression }}) >> {{ bits }}){% endmacro %}
{#- the parentheses are for translators that make an operator of the function -#}
{% macro snowflake__high_bits(expression, bits) %}(bitshiftright(({{ expression }}), {{ bits }})){% endmacro %}

{# The lowest `bits` (integer) of `expression` (integer, not negative): low_bits('draw', 8) gives 0 to 255. #}
{% macro low_bits(expression, bits) %}{{ adapter.dispatch('low_bits', 'spark9')(expression, bits) }}{% endmacro %}
{% macro duckdb__low_bits(expression, bits) %}(({{ expression }}) & {{ 2 ** bits - 1 }}){% endmacro %}
{#- the parentheses are for translators that make an operator of the function -#}
{% macro snowflake__low_bits(expression, bits) %}(bitand(({{ expression }}), {{ 2 ** bits - 1 }})){% endmacro %}

{# `expression` (integer, not negative) times two to the power of `bits` (integer expression). #}
{% macro times_power_of_two(expression, bits) %}{{ adapter.dispatch('times_power_of_two', 'spark9')(expression, bits) }}{% endmacro %}
{% macro duckdb__times_power_of_two(expression, bits) %}(({{ expression }}) << ({{ bits }})){% endmacro %}
{#- the parentheses are for translators that make an operator of the function -#}
{% macro snowflake__times_power_of_two(expression, bits) %}(bitshiftleft(({{ expression }}), ({{ bits }}))){% endmacro %}
