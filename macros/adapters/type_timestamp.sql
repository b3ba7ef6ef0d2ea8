{#
  Purpose: the type of every timestamp of the project: UTC, without a zone, to the microsecond.
  Returns: a type name (text).
  Example: cast(null as {{ type_timestamp() }})
#}
{% macro type_timestamp() %}{{ adapter.dispatch('type_timestamp', 'spark9')() }}{% endmacro %}

{% macro default__type_timestamp() %}{{ unsupported_adapter('type_timestamp') }}{% endmacro %}

{% macro duckdb__type_timestamp() %}timestamp{% endmacro %}

{% macro snowflake__type_timestamp() %}timestamp_ntz(6){% endmacro %}
