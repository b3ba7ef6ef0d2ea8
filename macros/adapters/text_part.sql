{#
  Purpose: the part of a text that stands in the first pair of brackets of a pattern; null or empty where nothing matches.
  Arguments: expression (SQL text expression), pattern (regular expression in the part that RE2 and POSIX share, with at
    least one pair of brackets).
  Returns: a text expression (text).
  Example: {{ text_part('cell_1', '([0-9]{4})') }}
#}
{% macro text_part(expression, pattern) %}{{ adapter.dispatch('text_part', 'spark9')(expression, pattern) }}{% endmacro %}

{% macro default__text_part(expression, pattern) %}{{ unsupported_adapter('text_part') }}{% endmacro %}

{% macro duckdb__text_part(expression, pattern) %}regexp_extract({{ expression }}, {{ text_literal(pattern) }}, 1){% endmacro %}

{% macro snowflake__text_part(expression, pattern) %}regexp_substr({{ expression }}, {{ text_literal(pattern) }}, 1, 1, 'e', 1){% endmacro %}
