{#
  Purpose: what is wrong with the form of a JSON row of a feed.
  Arguments: cells, content (SQL expressions, from parsed_feed_rows).
  Returns: a text expression (text); null where nothing is.
  Example: {{ json_problem('cells', 'content') }} as shape_problem
#}
{% macro json_problem(cells, content) %}{{ adapter.dispatch('json_problem', 'spark9')(cells, content) }}{% endmacro %}

{% macro default__json_problem(cells, content) %}{{ unsupported_adapter('json_problem') }}{% endmacro %}

{#- U+FFFD stands where the bytes are no UTF-8 -#}
{% macro duckdb__json_problem(cells, content) -%}
  case
    when {{ cells }} is null or not (starts_with({{ content }}, '{') or starts_with(ltrim({{ content }}, e' \t\r\n'), '{')) then 'is no JSON object'
    when contains({{ content }}, chr(65533)) then 'is not UTF-8'
  end
{%- endmacro %}

{% macro snowflake__json_problem(cells, content) -%}
  case
    when {{ cells }} is null or not is_object({{ cells }}) then 'is no JSON object'
    when contains({{ content }}, '\ufffd') then 'is not UTF-8'
  end
{%- endmacro %}
