{# The text `expression` as a bigint; null where it is no whole number. #}
{% macro try_integer(expression) %}{{ adapter.dispatch('try_integer', 'spark9')(expression) }}{% endmacro %}
{% macro duckdb__try_integer(expression) %}case when regexp_full_match(trim({{ expression }}), '-?\d{1,18}([.]0*)?') then cast(try_cast(trim({{ expression }}) as decimal(20, 2)) as bigint) end{% endmacro %}
{% macro snowflake__try_integer(expression) %}case when regexp_like(trim({{ expression }}), '-?[0-9]{1,18}([.]0*)?') then cast(try_to_number(trim({{ expression }}), 20, 2) as bigint) end{% endmacro %}

{# How often `divisor` (integer) goes into `expression` (integer, not negative), the rest left away. #}
{% macro whole_quotient(expression, divisor) %}{{ adapter.dispatch('whole_quotient', 'spark9')(expression, divisor) }}{% endmacro %}
{% macro duckdb__whole_quotient(expression, divisor) %}(({{ expression }}) // {{ divisor }}){% endmacro %}
{#- `/` gives decimal places that are rounded, so the rest is taken away first -#}
{% macro snowflake__whole_quotient(expression, divisor) %}cast((({{ expression }}) - ({{ expression }}) % {{ divisor }}) / {{ divisor }} as bigint){% endmacro %}
