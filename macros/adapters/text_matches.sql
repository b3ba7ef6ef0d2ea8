{#
  Purpose: whether a text is of a form, from its first to its last character.
  Arguments: expression (SQL text expression), pattern (regular expression in the part that RE2 and Java share).
  Returns: a boolean expression (text).
  Example: {{ text_matches('cell_3', '[0-9]+') }}
#}
{% macro text_matches(expression, pattern) %}{{ adapter.dispatch('text_matches', 'spark9')(expression, pattern) }}{% endmacro %}

{% macro default__text_matches(expression, pattern) %}{{ unsupported_adapter('text_matches') }}{% endmacro %}

{% macro duckdb__text_matches(expression, pattern) %}regexp_full_match({{ expression }}, {{ text_literal(pattern) }}){% endmacro %}

{#- regexp_like() anchors the pattern at both ends; the brackets hold alternatives together. -#}
{% macro snowflake__text_matches(expression, pattern) %}regexp_like({{ expression }}, {{ text_literal('(' ~ pattern ~ ')') }}){% endmacro %}
