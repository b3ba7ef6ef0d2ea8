{# What a value_format of a date says: how a day is written, and whether a cell names more days than one.
   Arguments: value_format (a key of date_formats(); with '+' and another one behind it where the column has cells of both, and
     '+swapped_' where a spreadsheet has changed day and month of the others; with ':range', ':week', ':month', ':quarter' or ':year' behind
     it where a cell names a period: its first and last day, or its first day only; ':down' as fills_down() has it), asker (string: the
     macro that the error names).
   Returns: mapping {base (a key of date_formats()), beside (that of the other cells, or none), is_swapped (bool), span ('range', 'week',
     'month', 'quarter', 'year' or none)}.
   Example: {{ date_format_parts('dmy_slash+swapped_iso', 'parse_cell').beside }} #}
{% macro date_format_parts(value_format, asker) %}
  {%- set parts = (value_format or '').split(':') | reject('equalto', 'down') | list -%}
  {%- set spans = ['range', 'week', 'month', 'quarter', 'year'] -%}
  {%- set forms = (parts[0] if parts else '').split('+') -%}
  {%- set beside = forms[1].replace('swapped_', '') if forms | length == 2 else none -%}
  {%- set is_known = forms[0] in date_formats() and (beside is none or beside in date_formats()) and forms | length < 3 -%}
  {%- if not is_known or parts | length > 2 or (parts | length == 2 and parts[1] not in spans) -%}
    {%- do exceptions.raise_compiler_error(asker ~ ": date format '" ~ value_format ~ "' is not one of " ~ date_formats().keys() | join(', ') ~ '; :' ~ spans | join(', :') ~ ' can follow') -%}
  {%- endif -%}
  {%- set span = parts[1] if parts | length == 2 else date_formats()[forms[0]].span -%}
  {% do return({'base': forms[0], 'beside': beside, 'is_swapped': beside is not none and beside != forms[1], 'span': span}) %}
{% endmacro %}
