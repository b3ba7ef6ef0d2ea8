{# A date with a month's name as year, month and day in digits.
   Arguments: expression (SQL text expression that has the format's pattern), value_format ('month_name', 'month_name_year' or 'month_day'),
     since (as in try_parse_date()).
   Returns: a text expression (text), such as '2026-09-1'. Whichever stands first, day or month's name, the first number is the day and the
     second the year; a year of two digits is of this century.
   Example: {{ named_date('cell_1', 'month_name') }} #}
{% macro named_date(expression, value_format, since=none) -%}
  {%- set cell = 'lower(' ~ expression ~ ')' -%}
  {%- set numbers = [] -%}
  {%- for name, month in month_names().items() -%}
    {%- do numbers.append(name ~ '=' ~ month) -%}
  {%- endfor -%}
  {#- one look at a text, not a branch a name: a row would be matched two hundred times -#}
  {%- set lookup = text_literal(' ' ~ numbers | join(' ')) -%}
  {%- set name = text_part(cell, '(' ~ month_names() | join('|') ~ ')') -%}
  {%- set month = 'substr(' ~ lookup ~ ', position(' ~ "' ' || " ~ name ~ " || '=' in " ~ lookup ~ ') + length(' ~ name ~ ') + 2, 2)' -%}
  {%- if value_format == 'month_name_year' -%}
    {{ text_part(cell, '([0-9]{4})') }} || '-' || {{ month }} || '-01'
  {%- elif since -%}
    {%- set year, first = since.split('-') -%}
    case when {{ month }} >= '{{ first }}' then '{{ year }}' else '{{ year | int + 1 }}' end || '-' || {{ month }} || '-' || {{ text_part(cell, '([0-9]+)') }}
  {%- else -%}
    {%- set year = text_part(cell, '[0-9]+[^0-9]+([0-9]+)') -%}
    case when length({{ year }}) = 2 then '20' else '' end || {{ year }} || '-' || {{ month }} || '-' || {{ text_part(cell, '([0-9]+)') }}
  {%- endif -%}
{%- endmacro %}
