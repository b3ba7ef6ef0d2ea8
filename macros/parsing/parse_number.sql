{# The text of a cell read as a number; the part of parse_cell() that knows number formats.
   Arguments: expression (SQL text expression), sql_type (text), form (an entry of number_formats()), column_type ('integer', 'decimal' or
     'percent'), number (text): the column that has its signed_number() already, null where it does not match; none for no such column.
   Returns: an expression (text) of sql_type. A cell in brackets, or with a minus behind it, is negative; a per cent is divided by 100,
     whether or not the cell repeats the sign; millionths are divided exactly, and are neither whole numbers nor per cents. A whole number
     has 18 digits at most, so that it means the same on a warehouse whose integers are 64 bits wide and on one that keeps 38 digits.
   Example: {{ parse_number('cell', 'bigint', number_formats()['point'], 'integer') }} #}
{% macro parse_number(expression, sql_type, form, column_type, number=none) -%}
  {%- set is_checked = number is not none -%}
  {%- set number = number or signed_number(number_digits(expression, form), form) -%}
  {%- set condition = [] if is_checked else [text_matches(expression, form.pattern)] -%}
  {%- set value = 'try_cast(' ~ number ~ ' as ' ~ sql_type ~ ')' -%}
  {%- if form == number_formats()['micros'] -%}
    {%- set value = 'cast(try_cast(' ~ number ~ ' as decimal(18, 0)) * 0.000001 as ' ~ sql_type ~ ')' -%}
    {%- if column_type != 'decimal' -%}{%- do return('cast(null as ' ~ sql_type ~ ')') -%}{%- endif -%}
  {%- elif form == number_formats()['power'] -%}
    {%- set number = 'cast(try_cast(case when ' ~ condition[0] ~ ' then ' ~ expression ~ ' end as double) as decimal(38, 6))' -%}
    {%- if column_type == 'integer' -%}
      {%- do return('case when ' ~ number ~ ' = trunc(' ~ number ~ ') then cast(' ~ number ~ ' as bigint) end') -%}
    {%- endif -%}
    {%- do return('cast(' ~ number ~ (' / 100' if column_type == 'percent' else '') ~ ' as ' ~ sql_type ~ ')') -%}
  {%- elif column_type == 'integer' -%}
    {%- set value = 'cast(try_cast(' ~ number ~ ' as decimal(18, 0)) as bigint)' -%}
    {%- if form.keep is none -%}
      {%- set condition = [text_matches(expression, '[-+]?[0-9]+([.]0*)?')] -%}
    {%- else -%}
      {%- do condition.append('try_cast(' ~ number ~ ' as decimal(38, 6)) = try_cast(' ~ number ~ ' as decimal(18, 0))') -%}
    {%- endif -%}
  {%- elif column_type == 'percent' -%}
    {%- set value = 'cast(try_cast(' ~ number ~ ' as decimal(16, 6)) / 100 as ' ~ sql_type ~ ')' -%}
  {%- endif -%}
  {{ 'case when ' ~ condition | join(' and ') ~ ' then ' ~ value ~ ' end' if condition else value }}
{%- endmacro %}

{# What a number is made of: its digits, with a point for the decimal mark and a minus at one of its ends; of a text that has the pattern
   of its format.
   Arguments: expression (SQL text expression), form (an entry of number_formats()).
   Returns: a text expression (text).
   Example: {{ number_digits('cell', number_formats()['comma']) }} #}
{% macro number_digits(expression, form) -%}
  {%- if form.keep is none -%}
    {{ expression }}
  {%- elif form == number_formats()['native'] -%}
    translate({{ text_keep(ascii_digits(expression), form.keep) }}, '(−–', '---')
  {%- else -%}
    {%- set digits = "translate(" ~ text_keep(expression, form.keep) ~ ", '(−–', '---')" -%}
    {%- if form.decimal_mark != '.' -%}{%- set digits = "replace(" ~ digits ~ ", '" ~ form.decimal_mark ~ "', '.')" -%}{%- endif -%}
    {#- '192,-' has no cents, '192-' is negative -#}
    replace({{ digits }}, '.-', '.')
  {%- endif -%}
{%- endmacro %}

{# The digits of a number with its minus in front. Arguments: digits (SQL text expression), form (an entry of number_formats()). #}
{% macro signed_number(digits, form) -%}
  {%- if form.keep is none or form == number_formats()['native'] -%}
    {{ digits }}
  {%- else -%}
    case when right({{ digits }}, 1) = '-' then '-' || left({{ digits }}, length({{ digits }}) - 1) else {{ digits }} end
  {%- endif -%}
{%- endmacro %}
