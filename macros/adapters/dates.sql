{# The type of every timestamp of the project: UTC, without a zone, to the microsecond. #}
{% macro type_timestamp() %}{{ adapter.dispatch('type_timestamp', 'spark9')() }}{% endmacro %}
{% macro duckdb__type_timestamp() %}timestamp{% endmacro %}
{% macro snowflake__type_timestamp() %}timestamp_ntz(6){% endmacro %}

{# The current time in UTC, without a zone. #}
{% macro current_time_utc() %}{{ adapter.dispatch('current_time_utc', 'spark9')() }}{% endmacro %}
{% macro duckdb__current_time_utc() %}cast(current_timestamp at time zone 'UTC' as timestamp){% endmacro %}
{% macro snowflake__current_time_utc() %}cast(sysdate() as timestamp_ntz(6)){% endmacro %}

{# The date some `days` (integer expression, may be negative) after the date `expression`. #}
{% macro add_days(expression, days) %}{{ adapter.dispatch('add_days', 'spark9')(expression, days) }}{% endmacro %}
{% macro duckdb__add_days(expression, days) %}{{ expression }} + cast({{ days }} as integer){% endmacro %}
{% macro snowflake__add_days(expression, days) %}cast(dateadd(day, {{ days }}, {{ expression }}) as date){% endmacro %}

{# The time some `minutes` (integer expression, may be negative) after the timestamp `expression`. #}
{% macro add_minutes(expression, minutes) %}{{ adapter.dispatch('add_minutes', 'spark9')(expression, minutes) }}{% endmacro %}
{% macro duckdb__add_minutes(expression, minutes) %}{{ expression }} + to_minutes(cast({{ minutes }} as integer)){% endmacro %}
{% macro snowflake__add_minutes(expression, minutes) %}dateadd(minute, {{ minutes }}, {{ expression }}){% endmacro %}

{# The same day some `months` (integer) after the date `expression`; the last of the month where it has no such day. #}
{% macro add_months(expression, months) %}{{ adapter.dispatch('add_months', 'spark9')(expression, months) }}{% endmacro %}
{% macro duckdb__add_months(expression, months) %}cast({{ expression }} + interval ({{ months | int }}) month as date){% endmacro %}
{% macro snowflake__add_months(expression, months) %}add_months({{ expression }}, {{ months | int }}){% endmacro %}

{# Whole seconds from the timestamp `earlier` to `later`, parts of a second left away. #}
{% macro seconds_between(earlier, later) %}{{ adapter.dispatch('seconds_between', 'spark9')(earlier, later) }}{% endmacro %}
{% macro duckdb__seconds_between(earlier, later) %}date_sub('second', {{ earlier }}, {{ later }}){% endmacro %}
{#- datediff counts how often the second changes, so whole seconds are taken from milliseconds -#}
{% macro snowflake__seconds_between(earlier, later) %}cast(floor(datediff(millisecond, {{ earlier }}, {{ later }}) / 1000) as bigint){% endmacro %}

{# The text `expression` read as a date by the warehouse's own parser, null where it is not one: in the form `strptime` on DuckDB,
   `snowflake` on Snowflake; none for Excel's count of days from 1899-12-30. #}
{% macro try_date_of_form(expression, strptime, snowflake) %}{{ adapter.dispatch('try_date_of_form', 'spark9')(expression, strptime, snowflake) }}{% endmacro %}
{% macro duckdb__try_date_of_form(expression, strptime, snowflake) -%}
  {%- if not strptime -%}
  cast(date '1899-12-30' + try_cast({{ expression }} as integer) as date)
  {%- else -%}
  cast(try_strptime({{ expression }}, {{ text_literal(strptime) }}) as date)
  {%- endif -%}
{%- endmacro %}
{% macro snowflake__try_date_of_form(expression, strptime, snowflake) -%}
  {%- if not snowflake -%}
  dateadd(day, try_to_number({{ expression }}), cast('1899-12-30' as date))
  {%- else -%}
  try_to_date({{ expression }}, {{ text_literal(snowflake) }})
  {%- endif -%}
{%- endmacro %}

{# The text `expression`, a time of a feed, in UTC: ISO 8601 with its offset or Z, ISO without one (which is UTC), or seconds or
   milliseconds since 1970. Anything else, a day alone too, is null. #}
{% macro parse_event_time(expression) %}{{ adapter.dispatch('parse_event_time', 'spark9')(expression) }}{% endmacro %}
{% macro duckdb__parse_event_time(expression) -%}
  {#- what has all the digits of a common form needs no pattern to be known, which is five times the work (docs/decisions/0028) -#}
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
