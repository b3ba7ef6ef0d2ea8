{#
  Purpose: a time of a feed in UTC: ISO 8601 with its offset or Z, ISO without one (which is UTC), or seconds or milliseconds
    since 1970. Anything else, a day alone too, is null.
  Arguments: expression (SQL text expression).
  Returns: a timestamp expression (text).
  Example: {{ parse_event_time('timestamp') }} as event_time
#}
{% macro parse_event_time(expression) %}{{ adapter.dispatch('parse_event_time', 'spark9')(expression) }}{% endmacro %}

{% macro default__parse_event_time(expression) %}{{ unsupported_adapter('parse_event_time') }}{% endmacro %}

{% macro duckdb__parse_event_time(expression) -%}
  {#- what has all the digits of a common form needs no pattern to be known, which is five times the work (docs/decisions.md) -#}
  coalesce(
  case
    when strlen({{ expression }}) = 24 and {{ expression }} >= '0' and {{ expression }} < ':'
      then try_strptime({{ expression }}, '%Y-%m-%dT%H:%M:%S.%gZ')
  end,
  case
    when regexp_full_match({{ expression }}, '\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.]\d{1,9})?)?(Z|[+-]\d\d:?\d\d)')
      then make_timestamp(epoch_us(try_cast({{ expression }} as timestamptz)))
    when regexp_full_match({{ expression }}, '\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.]\d{1,9})?)?')
      then try_cast({{ expression }} as timestamp)
    when regexp_full_match({{ expression }}, '\d{13}') then make_timestamp(cast({{ expression }} as bigint) * 1000)
    when regexp_full_match({{ expression }}, '\d{10}') then make_timestamp(cast({{ expression }} as bigint) * 1000000)
  end
  )
{%- endmacro %}

{#- 'Z' and '+0200' are written as '+00:00' and '+02:00', which Snowflake's automatic forms have -#}
{% macro snowflake__parse_event_time(expression) -%}
  case
    when regexp_like({{ expression }}, '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})')
      then cast(convert_timezone('UTC', try_to_timestamp_tz(regexp_replace(regexp_replace({{ expression }}, 'Z$', '+00:00'), '([+-][0-9]{2})([0-9]{2})$', '\\1:\\2'))) as timestamp_ntz(6))
    when regexp_like({{ expression }}, '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?')
      then cast(try_to_timestamp_ntz({{ expression }}) as timestamp_ntz(6))
    when regexp_like({{ expression }}, '[0-9]{13}') then cast(to_timestamp_ntz(cast({{ expression }} as bigint), 3) as timestamp_ntz(6))
    when regexp_like({{ expression }}, '[0-9]{10}') then cast(to_timestamp_ntz(cast({{ expression }} as bigint), 0) as timestamp_ntz(6))
  end
{%- endmacro %}
