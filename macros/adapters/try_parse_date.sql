{#
  Purpose: a text read as a date of one format, null where it is not one.
  Arguments: expression (SQL text expression), value_format (a key of date_formats()).
  Returns: a date expression (text).
  Example: {{ try_parse_date('cell_1', 'mdy_slash') }}
#}
{% macro try_parse_date(expression, value_format) %}{{ adapter.dispatch('try_parse_date', 'spark9')(expression, value_format) }}{% endmacro %}

{% macro default__try_parse_date(expression, value_format) %}{{ unsupported_adapter('try_parse_date') }}{% endmacro %}

{% macro duckdb__try_parse_date(expression, value_format) -%}
  {%- set form = date_formats()[value_format] -%}
  {%- set day = "split_part(" ~ expression ~ ", '" ~ form.cut ~ "', 1)" if form.cut else expression -%}
  {%- if form.strptime is none -%}
  cast(date '1899-12-30' + try_cast({{ day }} as integer) as date)
  {%- else -%}
  cast(try_strptime({{ day }}, {{ text_literal(form.strptime) }}) as date)
  {%- endif -%}
{%- endmacro %}

{% macro snowflake__try_parse_date(expression, value_format) -%}
  {%- set form = date_formats()[value_format] -%}
  {%- set day = "split_part(" ~ expression ~ ", '" ~ form.cut ~ "', 1)" if form.cut else expression -%}
  {%- if form.snowflake is none -%}
  dateadd(day, try_to_number({{ day }}), cast('1899-12-30' as date))
  {%- else -%}
  try_to_date({{ day }}, {{ text_literal(form.snowflake) }})
  {%- endif -%}
{%- endmacro %}
