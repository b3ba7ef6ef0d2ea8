{# The text `expression` as a bigint; null where it is no whole number. #}
{% macro try_integer(expression) %}{{ adapter.dispatch('try_integer', 'spark9')(expression) }}{% endmacro %}
{% macro duckdb__try_integer(expression) %}case when regexp_full_match(trim({{ expression }}), '-?\d{1,18}([.]0*)?') then cast(try_cast(trim({{ expression }}) as decimal(20, 2)) as bigint) end{% endmacro %}
{% macro snowflake__try_integer(expression) %}case when regexp_like(trim({{ expression }}), '-?[0-9]{1,18}([.]0*)?') then cast(try_to_number(trim({{ expression }}), 20, 2) as bigint) end{% endmacro %}

{# How often `divisor` (integer) goes into `expression` (integer, not negative), the rest left away. #}
{% macro whole_quotient(expression, divisor) %}{{ adapter.dispatch('whole_quotient', 'spark9')(expression, divisor) }}{% endmacro %}
{% macro duckdb__whole_quotient(expression, divisor) %}(({{ expression }}) // {{ divisor }}){% endmacro %}
{#- `/` gives decimal places that are rounded, so the rest is taken away first -#}
{% macro snowflake__whole_quotient(expression, divisor) %}cast((({{ expression }}) - ({{ expression }}) % {{ divisor }}) / {{ divisor }} as bigint){% endmacro %}

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
