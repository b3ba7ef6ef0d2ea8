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
  cast(try_strptime({{ expression }}, {{ text_literal(form.strptime) }}) as date)
{%- endmacro %}

{% macro snowflake__try_parse_date(expression, value_format) -%}
  {%- set form = date_formats()[value_format] -%}
  try_to_date({{ expression }}, {{ text_literal(form.snowflake) }})
{%- endmacro %}
