{# The text of a cell read as a number; the part of parse_cell() that knows number formats.
   Arguments: expression (SQL text expression), sql_type (text), form (an entry of number_formats()), column_type ('integer', 'decimal' or
     'percent').
   Returns: an expression (text) of sql_type. A cell in brackets, or with a minus behind it, is negative; a per cent is divided by 100,
     whether or not the cell repeats the sign; millionths are divided exactly, and are neither whole numbers nor per cents. A whole number
     has 18 digits at most, so that it means the same on a warehouse whose integers are 64 bits wide and on one that keeps 38 digits.
   Example: {{ parse_number('cell_3', 'bigint', number_formats()['point'], 'integer') }} #}
{% macro parse_number(expression, sql_type, form, column_type) -%}
  {%- if form.keep is none -%}
    {%- set digits = expression -%}
  {%- else -%}
    {%- set cell = ascii_digits(expression) if form == number_formats()['native'] else expression -%}
    {%- set digits = "translate(" ~ text_keep(cell, form.keep) ~ ", '(−–', '---')" -%}
    {%- if form.decimal_mark != '.' -%}
      {%- set digits = "replace(" ~ digits ~ ", '" ~ form.decimal_mark ~ "', '.')" -%}
    {%- endif -%}
  {%- endif -%}
  {%- if form.keep is not none and form != number_formats()['native'] -%}
    {#- '192,-' has no cents, '192-' is negative -#}
    {%- set without = "left(" ~ digits ~ ", length(" ~ digits ~ ") - 1)" -%}
    {%- set digits = "case when right(" ~ digits ~ ", 2) = '.-' then " ~ without ~ " when right(" ~ digits ~ ", 1) = '-' then '-' || "
      ~ without ~ " else " ~ digits ~ " end" -%}
  {%- endif -%}
  {%- set matches = text_matches(expression, form.pattern) -%}
  {%- if form == number_formats()['micros'] -%}
    {%- if column_type == 'decimal' -%}
  case when {{ matches }} then cast(try_cast({{ digits }} as decimal(18, 0)) * 0.000001 as {{ sql_type }}) end
    {%- else -%}
  cast(null as {{ sql_type }})
    {%- endif -%}
  {%- elif form == number_formats()['power'] -%}
    {%- set value = 'cast(try_cast(case when ' ~ matches ~ ' then ' ~ expression ~ ' end as double) as decimal(38, 6))' -%}
    {%- if column_type == 'integer' -%}
  case when {{ value }} = trunc({{ value }}) then cast({{ value }} as bigint) end
    {%- else -%}
  cast({{ value }}{{ ' / 100' if column_type == 'percent' }} as {{ sql_type }})
    {%- endif -%}
  {%- elif column_type == 'integer' and form.keep is none -%}
  case when {{ text_matches(expression, '[-+]?[0-9]+([.]0*)?') }} then cast(try_cast({{ digits }} as decimal(18, 0)) as bigint) end
  {%- elif column_type == 'integer' -%}
  case when {{ matches }} and try_cast({{ digits }} as decimal(38, 6)) = try_cast({{ digits }} as decimal(18, 0)) then cast(try_cast({{ digits }} as decimal(18, 0)) as bigint) end
  {%- elif column_type == 'percent' -%}
  case when {{ matches }} then cast(try_cast({{ digits }} as decimal(16, 6)) / 100 as {{ sql_type }}) end
  {%- else -%}
  case when {{ matches }} then try_cast({{ digits }} as {{ sql_type }}) end
  {%- endif -%}
{%- endmacro %}
