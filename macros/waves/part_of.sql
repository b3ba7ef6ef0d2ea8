{# The name that one part of a column has while rows are typed. Names of columns have no two underscores, so none is taken.
   Arguments: column (a mapping row; its name, of mapped_loads(), or else its ordinal tells it from others), part ('cell': its text;
     'digits': what a number is made of; 'value'; 'issue'; 'clock', 'end' and 'currency': what else the cell says).
   Returns: a name (string).
   Example: {{ parse_cell(part_of(column, 'cell'), column.column_type, column.value_format) }} as {{ part_of(column, 'value') }} #}
{% macro part_of(column, part) %}
  {% do return((column.name or 'column_' ~ column.ordinal) ~ '__' ~ part) %}
{% endmacro %}

{# The name of a column's value: its cell, where that is the value as it stands. Arguments: column (a mapping row). #}
{% macro value_of(column) %}
  {%- set form = (column.value_format or '').split(':')[0] -%}
  {%- set is_cell = form not in {'text': ['clean', 'code'], 'id': ['unwrapped']}.get(column.column_type, [form]) -%}
  {% do return(part_of(column, 'cell' if is_cell else 'value')) %}
{% endmacro %}
