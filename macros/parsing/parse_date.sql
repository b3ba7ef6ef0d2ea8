{# The text of a cell read as a day, null where it is none; the part of parse_cell() that knows dates. Of a cell that names a period it is
   the first day; period_end() reads the last.
   Arguments: expression (SQL text expression, trimmed), value_format (as date_format_parts() takes it), of_last_day (bool): of a range,
     read its last day.
   Returns: a date expression (text).
   Example: {{ parse_date('cell_1', 'mdy_slash:range') }} #}
{% macro parse_date(expression, value_format, of_last_day=false) -%}
  {%- set parts = date_format_parts(value_format, 'parse_cell') -%}
  {%- set form = date_formats()[parts.base] -%}
  {%- set cell = 'lower(' ~ expression ~ ')' if form.names else expression -%}
  {%- if parts.span == 'range' -%}
    {%- set day = '(' ~ form.pattern ~ ')' -%}
    {%- set half = text_part(cell, day ~ '$' if of_last_day else '^' ~ day) -%}
    case when {{ text_matches(cell, range_pattern(parts.base)) }} then {{ try_parse_date(half, parts.base) }} end
  {%- elif parts.beside -%}
    {%- set other = parse_date(expression, parts.beside) -%}
    coalesce({{ parse_date(expression, parts.base) }}, {{ swapped_day(other) if parts.is_swapped else other }})
  {%- else -%}
    case when {{ text_matches(cell, form.pattern) }} then {{ try_parse_date(expression, parts.base, parts.since) }} end
  {%- endif -%}
{%- endmacro %}
