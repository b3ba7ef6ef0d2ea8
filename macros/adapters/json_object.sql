{#
  Purpose: a JSON object built from keys and SQL expressions; nulls are kept as JSON null.
  Arguments: pairs (list of [key, expression]).
  Returns: an expression (text) of type_json().
  Example: {{ json_object([['video_plays', 'cell_7']]) }}
#}
{% macro json_object(pairs) %}{{ adapter.dispatch('json_object', 'spark9')(pairs) }}{% endmacro %}

{% macro default__json_object(pairs) %}{{ unsupported_adapter('json_object') }}{% endmacro %}

{% macro duckdb__json_object(pairs) -%}
  json_object({% for key, expression in pairs %}{{ text_literal(key) }}, {{ expression }}{{ ", " if not loop.last }}{% endfor %})
{%- endmacro %}

{% macro snowflake__json_object(pairs) -%}
  cast(object_construct_keep_null({% for key, expression in pairs %}{{ text_literal(key) }}, {{ expression }}{{ ", " if not loop.last }}{% endfor %}) as variant)
{%- endmacro %}
