{# The text of a cell read as a value of one type, null where it is not one. The loader profiles files with this macro and the models
   flatten with it, so both always agree on what parses.
   Arguments: expression (SQL text expression, trimmed). column_type (a key of column_types()). value_format (a key of number_formats(), or
     as date_format_parts() takes it; of ids only 'unwrapped' is looked at, of texts 'clean' and 'code'). What follows a colon in the
     format of a number or text is not looked at.
   Returns: an expression (text) of the type's SQL type. A number that does not fit its type, and a fraction in a whole number, are null
     too.
   Example: {{ parse_cell("'1,234.56'", 'decimal', 'point') }} #}
{% macro parse_cell(expression, column_type, value_format) -%}
  {%- set type = column_types()[column_type] -%}
  {%- if not type -%}
    {%- do exceptions.raise_compiler_error("parse_cell: column type '" ~ column_type ~ "' is not one of " ~ column_types().keys() | join(', ')) -%}
  {%- endif -%}
  {%- set form = (value_format or '').split(':')[0] -%}
  {%- if column_type == 'id' and form == 'unwrapped' -%}
    {{ unwrapped_id(expression) }}
  {%- elif column_type == 'text' and form == 'clean' -%}
    {{ clean_text(expression) }}
  {%- elif column_type == 'text' and form == 'code' -%}
    {{ currency_code(expression) }}
  {%- elif column_type in ('text', 'id') -%}
    {{ expression }}
  {%- elif column_type == 'date' -%}
    {{ parse_date(expression, value_format) }}
  {%- else -%}
    {%- if form not in number_formats() -%}
      {%- do exceptions.raise_compiler_error("parse_cell: number format '" ~ value_format ~ "' is not one of " ~ number_formats().keys() | join(', ')) -%}
    {%- endif -%}
    {{ parse_number(expression, type.sql, number_formats()[form], column_type) }}
  {%- endif -%}
{%- endmacro %}
