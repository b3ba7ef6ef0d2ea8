{# A date with a month's name as year, month and day in digits.
   Arguments: expression (SQL text expression that has the format's pattern), value_format ('month_name', 'month_name_year',
     'month_name_short' or 'month_day'),
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
  {%- set names = '(' ~ month_names() | join('|') ~ ')' -%}
  {#- 'mar. 1 sept. 2026' is a Tuesday of September, 'mar. 1, 2026' a day of March -#}
  {%- set behind = text_replace(cell, '^' ~ weekday_pattern(), '') -%}
  {%- set name = 'coalesce(nullif(' ~ text_part(behind, names) ~ ", ''), " ~ text_part(cell, names) ~ ')' -%}
  {%- set month = 'substr(' ~ lookup ~ ', position(' ~ "' ' || " ~ name ~ " || '=' in " ~ lookup ~ ') + length(' ~ name ~ ') + 2, 2)' -%}
  {%- if value_format == 'month_name_year' -%}
    {{ text_part(cell, '([0-9]{4})') }} || '-' || {{ month }} || '-01'
  {%- elif value_format == 'month_name_short' -%}
    '20' || {{ text_part(cell, '([0-9]{2})') }} || '-' || {{ month }} || '-01'
  {%- elif since -%}
    {%- set year, first = since.split('-') -%}
    case when {{ month }} >= '{{ first }}' then '{{ year }}' else '{{ year | int + 1 }}' end || '-' || {{ month }} || '-' || {{ text_part(cell, '([0-9]+)') }}
  {%- else -%}
    {%- set year = text_part(cell, '[0-9]+[^0-9]+([0-9]+)') -%}
    case when length({{ year }}) = 2 then '20' else '' end || {{ year }} || '-' || {{ month }} || '-' || {{ text_part(cell, '([0-9]+)') }}
  {%- endif -%}
{%- endmacro %}
