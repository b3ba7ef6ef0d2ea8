{#
  Purpose: lists made by text_list(), one behind the other, as one JSON list.
  Arguments: lists (list of SQL list expressions, at least one).
  Returns: an expression (text) of type_json().
  Example: {{ list_to_json(['cell_issues', 'row_issues']) }}
#}
{% macro list_to_json(lists) %}{{ adapter.dispatch('list_to_json', 'spark9')(lists) }}{% endmacro %}

{% macro default__list_to_json(lists) %}{{ unsupported_adapter('list_to_json') }}{% endmacro %}

{% macro duckdb__list_to_json(lists) %}to_json({{ lists | join(' || ') }}){% endmacro %}

{% macro snowflake__list_to_json(lists) -%}
  {%- set joined = namespace(sql=lists[0]) -%}
  {%- for list in lists[1:] -%}{%- set joined.sql = 'array_cat(' ~ joined.sql ~ ', ' ~ list ~ ')' -%}{%- endfor -%}
  cast({{ joined.sql }} as variant)
{%- endmacro %}
