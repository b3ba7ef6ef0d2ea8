{#
  Purpose: the column type that holds one row of an export, or any other JSON value.
  Returns: a type name (text).
  Example: raw_data {{ type_json() }} not null
#}
{% macro type_json() %}{{ adapter.dispatch('type_json', 'spark9')() }}{% endmacro %}

{% macro default__type_json() %}{{ unsupported_adapter('type_json') }}{% endmacro %}

{% macro duckdb__type_json() %}json{% endmacro %}

{% macro snowflake__type_json() %}variant{% endmacro %}
