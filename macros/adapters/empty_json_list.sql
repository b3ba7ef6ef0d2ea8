{#
  Purpose: a JSON list without entries.
  Returns: an expression (text) of type_json().
  Example: coalesce(new_columns, {{ empty_json_list() }})
#}
{% macro empty_json_list() %}{{ adapter.dispatch('empty_json_list', 'spark9')() }}{% endmacro %}

{% macro default__empty_json_list() %}{{ unsupported_adapter('empty_json_list') }}{% endmacro %}

{% macro duckdb__empty_json_list() %}cast('[]' as json){% endmacro %}

{% macro snowflake__empty_json_list() %}cast(array_construct() as variant){% endmacro %}
