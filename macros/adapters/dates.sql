{# The type of every timestamp of the project: UTC, without a zone, to the microsecond. #}
{% macro type_timestamp() %}{{ adapter.dispatch('type_timestamp', 'spark9')() }}{% endmacro %}
{% macro duckdb__type_timestamp() %}timestamp{% endmacro %}
{% macro snowflake__type_timestamp() %}timestamp_ntz(6){% endmacro %}

{# The current time in UTC, without a zone. #}
{% macro current_time_utc() %}{{ adapter.dispatch('current_time_utc', 'spark9')() }}{% endmacro %}
{% macro duckdb__current_time_utc() %}cast(current_timestamp at time zone 'UTC' as timestamp){% endmacro %}
{% macro snowflake__current_time_utc() %}cast(sysdate() as timestamp_ntz(6)){% endmacro %}

{# The date `expression` as text, YYYY-MM-DD, whatever the session's output format: keys and orders are made of it. #}
{% macro date_text(expression) %}{{ adapter.dispatch('date_text', 'spark9')(expression) }}{% endmacro %}
{% macro duckdb__date_text(expression) %}cast({{ expression }} as varchar){% endmacro %}
{% macro snowflake__date_text(expression) %}to_varchar({{ expression }}, 'YYYY-MM-DD'){% endmacro %}

{# The date that the ISO text `expression` (YYYY-MM-DD) names, whatever the session's input format; null where it names none. #}
{% macro iso_date(expression) %}{{ adapter.dispatch('iso_date', 'spark9')(expression) }}{% endmacro %}
{% macro duckdb__iso_date(expression) %}try_cast({{ expression }} as date){% endmacro %}
{% macro snowflake__iso_date(expression) %}try_to_date({{ expression }}, 'YYYY-MM-DD'){% endmacro %}

{# The Monday of the week of the date or timestamp `expression`, whatever the session's WEEK_START. #}
{% macro monday_of(expression) %}{{ adapter.dispatch('monday_of', 'spark9')(expression) }}{% endmacro %}
{% macro duckdb__monday_of(expression) %}cast(date_trunc('week', {{ expression }}) as date){% endmacro %}
{% macro snowflake__monday_of(expression) %}cast(dateadd(day, 1 - dayofweekiso({{ expression }}), {{ expression }}) as date){% endmacro %}

{# The timestamp `expression` as text to the microsecond, which orders as it does. Snowflake's own default ends at milliseconds. #}
{% macro timestamp_text(expression) %}{{ adapter.dispatch('timestamp_text', 'spark9')(expression) }}{% endmacro %}
{% macro duckdb__timestamp_text(expression) %}cast({{ expression }} as varchar){% endmacro %}
{% macro snowflake__timestamp_text(expression) %}to_varchar({{ expression }}, 'YYYY-MM-DD HH24:MI:SS.FF6'){% endmacro %}

{# A value of a column `type` as text: `expression` by date_text() for a date, else as the warehouse writes it. #}
{% macro value_text(expression, type) %}{{ date_text(expression) if type == 'date' else 'cast(' ~ expression ~ ' as varchar)' }}{% endmacro %}

{# The date some `days` (integer expression, may be negative) after the date `expression`. #}
{% macro add_days(expression, days) %}{{ adapter.dispatch('add_days', 'spark9')(expression, days) }}{% endmacro %}
{% macro duckdb__add_days(expression, days) %}{{ expression }} + cast({{ days }} as integer){% endmacro %}
{% macro snowflake__add_days(expression, days) %}cast(dateadd(day, {{ days }}, {{ expression }}) as date){% endmacro %}

{# The time some `minutes` (integer expression, may be negative) after the timestamp `expression`. #}
{% macro add_minutes(expression, minutes) %}{{ adapter.dispatch('add_minutes', 'spark9')(expression, minutes) }}{% endmacro %}
{% macro duckdb__add_minutes(expression, minutes) %}{{ expression }} + to_minutes(cast({{ minutes }} as integer)){% endmacro %}
{% macro snowflake__add_minutes(expression, minutes) %}dateadd(minute, {{ minutes }}, {{ expression }}){% endmacro %}

{# The current time in UTC less some `seconds` (number), by the warehouse's clock. #}
{% macro seconds_before_now(seconds) %}{{ adapter.dispatch('seconds_before_now', 'spark9')(seconds) }}{% endmacro %}
{% macro duckdb__seconds_before_now(seconds) %}{{ current_time_utc() }} - to_milliseconds({{ (1000 * seconds) | int }}){% endmacro %}
{% macro snowflake__seconds_before_now(seconds) %}dateadd(millisecond, -{{ (1000 * seconds) | int }}, {{ current_time_utc() }}){% endmacro %}

{# The same day some `months` (integer) after the date `expression`; the last of the month where it has no such day. #}
{% macro add_months(expression, months) %}{{ adapter.dispatch('add_months', 'spark9')(expression, months) }}{% endmacro %}
{% macro duckdb__add_months(expression, months) %}cast({{ expression }} + interval ({{ months | int }}) month as date){% endmacro %}
{% macro snowflake__add_months(expression, months) %}add_months({{ expression }}, {{ months | int }}){% endmacro %}

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
  {%- elif snowflake.endswith('YY') and not snowflake.endswith('YYYY') -%}
  {#- the century is strptime's, whatever the session's TWO_DIGIT_CENTURY_START -#}
  try_to_date(
    left({{ expression }}, length({{ expression }}) - 2) || case when right({{ expression }}, 2) < '69' then '20' else '19' end || right({{ expression }}, 2),
    {{ text_literal(snowflake ~ 'YY') }}
  )
  {%- else -%}
  try_to_date({{ expression }}, {{ text_literal(snowflake) }})
  {%- endif -%}
{%- endmacro %}
