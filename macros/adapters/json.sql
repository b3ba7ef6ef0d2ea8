{# The column type that holds one row of an export, or any other JSON value. #}
{% macro type_json() %}{{ adapter.dispatch('type_json', 'spark9')() }}{% endmacro %}
{% macro duckdb__type_json() %}json{% endmacro %}
{% macro snowflake__type_json() %}variant{% endmacro %}

{# The value of `key` (string) in the JSON object `expression`, as text; null where the key is absent. #}
{% macro json_text(expression, key) %}{{ adapter.dispatch('json_text', 'spark9')(expression, key) }}{% endmacro %}
{% macro duckdb__json_text(expression, key) -%}
  json_extract_string({{ expression }}, {{ text_literal('/' ~ key | replace('~', '~0') | replace('/', '~1')) }})
{%- endmacro %}
{% macro snowflake__json_text(expression, key) %}{{ expression }}[{{ text_literal(key) }}]::varchar{% endmacro %}

{# A JSON object of `pairs` (list of [key, expression]); nulls are kept as JSON null. #}
{% macro json_object(pairs) %}{{ adapter.dispatch('json_object', 'spark9')(pairs) }}{% endmacro %}
{% macro duckdb__json_object(pairs) -%}
  json_object({% for key, expression in pairs %}{{ text_literal(key) }}, {{ expression }}{{ ", " if not loop.last }}{% endfor %})
{%- endmacro %}
{% macro snowflake__json_object(pairs) -%}
  cast(object_construct_keep_null({% for key, expression in pairs %}{{ text_literal(key) }}, {{ expression }}{{ ", " if not loop.last }}{% endfor %}) as variant)
{%- endmacro %}

{# An aggregate: the texts of `expression` as one JSON list, in alphabetical order, without nulls; an empty group gives an empty list. #}
{% macro json_list_of(expression) %}{{ adapter.dispatch('json_list_of', 'spark9')(expression) }}{% endmacro %}
{% macro duckdb__json_list_of(expression) -%}
  coalesce(to_json(list({{ expression }} order by {{ expression }}) filter ({{ expression }} is not null)), cast('[]' as json))
{%- endmacro %}
{% macro snowflake__json_list_of(expression) -%}
  cast(array_agg({{ expression }}) within group (order by {{ expression }}) as variant)
{%- endmacro %}

{# A JSON list without entries. #}
{% macro empty_json_list() %}{{ adapter.dispatch('empty_json_list', 'spark9')() }}{% endmacro %}
{% macro duckdb__empty_json_list() %}cast('[]' as json){% endmacro %}
{% macro snowflake__empty_json_list() %}cast(array_construct() as variant){% endmacro %}

{# Some `lists` made by text_list() (at least one), one behind the other, as one JSON list. #}
{% macro list_to_json(lists) %}{{ adapter.dispatch('list_to_json', 'spark9')(lists) }}{% endmacro %}
{% macro duckdb__list_to_json(lists) %}to_json({{ lists | join(' || ') }}){% endmacro %}
{% macro snowflake__list_to_json(lists) -%}
  {%- set joined = namespace(sql=lists[0]) -%}
  {%- for list in lists[1:] -%}{%- set joined.sql = 'array_cat(' ~ joined.sql ~ ', ' ~ list ~ ')' -%}{%- endfor -%}
  cast({{ joined.sql }} as variant)
{%- endmacro %}
