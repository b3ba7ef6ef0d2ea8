{# parse_cell() in steps that can be read: where a number has marks in it, first its digits, then its sign.
   Arguments: column (a mapping row).
   Returns: mapping {digits, number, value}, expressions (text) over the column's cell, its digits and its number; no digits and number
     where the value is read from the cell.
   Example: {{ parse_steps(column).value }} as {{ part_of(column, 'value') }} #}
{% macro parse_steps(column) %}
  {%- set cell = part_of(column, 'cell') -%}
  {%- set type = column_types()[column.column_type] -%}
  {%- set form = number_formats().get((column.value_format or '').split(':')[0]) if type.numeric else none -%}
  {%- if not form or form.keep is none -%}
    {% do return({'value': parse_cell(cell, column.column_type, column.value_format)}) %}
  {%- endif -%}
  {% do return({
    'digits': 'case when ' ~ text_matches(cell, form.pattern) ~ ' then ' ~ number_digits(cell, form) ~ ' end',
    'number': signed_number(part_of(column, 'digits'), form),
    'value': parse_number(cell, type.sql, form, column.column_type, part_of(column, 'number')),
  }) %}
{% endmacro %}
