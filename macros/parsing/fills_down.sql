{# Whether a blank cell of a column means what stands above it, as in a pivot table.
   Arguments: column (a mapping row; 'down' ends its value_format then).
   Returns: true or false.
   Example: {% for column in columns if fills_down(column) %}{{ column.column_name }}{% endfor %} #}
{% macro fills_down(column) %}
  {% do return((column.value_format or '').split(':')[-1] == 'down') %}
{% endmacro %}
