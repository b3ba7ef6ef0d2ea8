{#
  Purpose: the current time in UTC, without a zone, as every timestamp of the project is.
  Returns: a timestamp expression (text).
  Example: select {{ current_time_utc() }} as processed_timestamp
#}
{% macro current_time_utc() %}{{ adapter.dispatch('current_time_utc', 'spark9')() }}{% endmacro %}

{% macro default__current_time_utc() %}{{ unsupported_adapter('current_time_utc') }}{% endmacro %}

{% macro duckdb__current_time_utc() %}cast(current_timestamp at time zone 'UTC' as timestamp){% endmacro %}

{% macro snowflake__current_time_utc() %}cast(sysdate() as timestamp_ntz(6)){% endmacro %}
