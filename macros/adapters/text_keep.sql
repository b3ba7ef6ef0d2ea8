{#
  Purpose: a text without the characters that a number does not need.
  Arguments: expression (SQL text expression), characters (string: what is kept, as inside a regular expression's []).
  Returns: a text expression (text).
  Example: {{ text_keep('cell_3', '0-9.') }}
#}
{% macro text_keep(expression, characters) %}{{ adapter.dispatch('text_keep', 'spark9')(expression, characters) }}{% endmacro %}

{% macro default__text_keep(expression, characters) %}{{ unsupported_adapter('text_keep') }}{% endmacro %}

{% macro duckdb__text_keep(expression, characters) %}regexp_replace({{ expression }}, {{ text_literal('[^' ~ characters ~ ']') }}, '', 'g'){% endmacro %}

{% macro snowflake__text_keep(expression, characters) %}regexp_replace({{ expression }}, {{ text_literal('[^' ~ characters ~ ']') }}, ''){% endmacro %}
