{# What a value_format of a date says: how a day is written, and whether a cell names more days than one.
   Arguments: value_format (a key of date_formats(); with '+' and another one behind it where the column has cells of both, and
     '+swapped_' where a spreadsheet has changed day and month of the others; with '=2026-09' behind one that is
     yearless: the month in which the twelve months begin that its cells are of; with ':range', ':week', ':month', ':quarter' or ':year' behind
     it where a cell names a period: its first and last day, or its first day only; ':down' as fills_down() has it), asker (string: the
     macro that the error names).
   Returns: mapping {base (a key of date_formats()), since ('2026-09', or none), beside (that of the other cells, or none), is_swapped (bool), span ('range', 'week',
     'month', 'quarter', 'year' or none)}.
   Example: {{ date_format_parts('dmy_slash+swapped_iso', 'parse_cell').beside }} #}
{% macro date_format_parts(value_format, asker) %}
  {%- set parts = (value_format or '').split(':') | reject('equalto', 'down') | list -%}
  {%- set spans = ['range', 'week', 'month', 'quarter', 'year'] -%}
  {%- set forms = (parts[0] if parts else '').split('+') -%}
  {%- set since = forms[0].split('=')[1] if '=' in forms[0] else none -%}
  {%- set base = forms[0].split('=')[0] -%}
  {%- set beside = forms[1].replace('swapped_', '') if forms | length == 2 else none -%}
  {%- set is_known = base in date_formats() and (date_formats()[base].yearless or false) == (since is not none) and (beside is none or beside in date_formats()) and forms | length < 3 -%}
  {%- if not is_known or parts | length > 2 or (parts | length == 2 and parts[1] not in spans) -%}
    {%- do exceptions.raise_compiler_error(asker ~ ": date format '" ~ value_format ~ "' is not one of " ~ date_formats().keys() | join(', ') ~ '; :' ~ spans | join(', :') ~ ' can follow') -%}
  {%- endif -%}
  {%- set span = parts[1] if parts | length == 2 else date_formats()[base].span -%}
  {% do return({'base': base, 'since': since, 'beside': beside, 'is_swapped': beside is not none and beside != forms[1], 'span': span}) %}
{% endmacro %}
