{#
  Purpose: one value of a JSON object as text.
  Arguments: expression (SQL expression of type_json()), key (string).
  Returns: a text expression (text); null where the key is absent.
  Example: {{ json_text('additional_metrics', 'video_plays') }}
#}
{% macro json_text(expression, key) %}{{ adapter.dispatch('json_text', 'spark9')(expression, key) }}{% endmacro %}

{% macro default__json_text(expression, key) %}{{ unsupported_adapter('json_text') }}{% endmacro %}

{% macro duckdb__json_text(expression, key) -%}
  json_extract_string({{ expression }}, {{ text_literal('/' ~ key | replace('~', '~0') | replace('/', '~1')) }})
{%- endmacro %}

{% macro snowflake__json_text(expression, key) %}{{ expression }}[{{ text_literal(key) }}]::varchar{% endmacro %}
