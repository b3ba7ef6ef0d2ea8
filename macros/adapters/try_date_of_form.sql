{#
  Purpose: a text read as a date by the warehouse's own parser, null where it is not one.
  Arguments: expression (SQL text expression), strptime (the form in C's words, for DuckDB), snowflake (in Snowflake's own); none
    for Excel's count of days from 1899-12-30.
  Returns: a date expression (text).
  Example: {{ try_date_of_form('cell_1', '%d.%m.%Y', 'DD.MM.YYYY') }}
#}
{% macro try_date_of_form(expression, strptime, snowflake) %}{{ adapter.dispatch('try_date_of_form', 'spark9')(expression, strptime, snowflake) }}{% endmacro %}

{% macro default__try_date_of_form(expression, strptime, snowflake) %}{{ unsupported_adapter('try_date_of_form') }}{% endmacro %}

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
