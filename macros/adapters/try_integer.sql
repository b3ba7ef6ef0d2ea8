{#
  Purpose: a text as a whole number; null where it is none.
  Arguments: expression (SQL text expression).
  Returns: a bigint expression (text).
  Example: {{ try_integer('duration_ms') }} as duration_ms
#}
{% macro try_integer(expression) %}{{ adapter.dispatch('try_integer', 'spark9')(expression) }}{% endmacro %}

{% macro default__try_integer(expression) %}{{ unsupported_adapter('try_integer') }}{% endmacro %}

{% macro duckdb__try_integer(expression) %}case when regexp_full_match(trim({{ expression }}), '-?\d{1,18}([.]0*)?') then cast(try_cast(trim({{ expression }}) as decimal(20, 2)) as bigint) end{% endmacro %}

{% macro snowflake__try_integer(expression) %}case when regexp_like(trim({{ expression }}), '-?[0-9]{1,18}([.]0*)?') then cast(try_to_number(trim({{ expression }}), 20, 2) as bigint) end{% endmacro %}
