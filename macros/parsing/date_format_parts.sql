{# What a value_format of a date says: how a day is written, and whether a cell names more days than one.
   Arguments: value_format (a key of date_formats(), with ':range', ':week', ':month', ':quarter' or ':year' behind it where a cell names a
     period: its first and last day, or its first day only; ':down' as fills_down() has it), asker (string: the macro that the error names).
   Returns: mapping {base (a key of date_formats()), span ('range', 'week', 'month', 'quarter', 'year' or none)}.
   Example: {{ date_format_parts('iso:range', 'parse_cell').span }} #}
{% macro date_format_parts(value_format, asker) %}
  {%- set parts = (value_format or '').split(':') | reject('equalto', 'down') | list -%}
  {%- set spans = ['range', 'week', 'month', 'quarter', 'year'] -%}
  {%- if not parts or parts[0] not in date_formats() or parts | length > 2 or (parts | length == 2 and parts[1] not in spans) -%}
    {%- do exceptions.raise_compiler_error(asker ~ ": date format '" ~ value_format ~ "' is not one of " ~ date_formats().keys() | join(', ') ~ '; :' ~ spans | join(', :') ~ ' can follow') -%}
  {%- endif -%}
  {% do return({'base': parts[0], 'span': parts[1] if parts | length == 2 else date_formats()[parts[0]].span}) %}
{% endmacro %}
