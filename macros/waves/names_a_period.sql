{# Whether the cells of a column are the first day of a row and tell its last day too: '2026-W36', '2026-09'.
   Arguments: column (a mapping row).
   Returns: true or false.
   Example: {% for column in columns if names_a_period(column) %}{{ period_end(part_of(column, 'cell'), column.value_format) }}{% endfor %}
#}
{% macro names_a_period(column) %}
  {%- if column.target_column != 'date_start' or column.column_type != 'date' or column.ordinal is none or column.mapping_rule == 'ignore' -%}
    {% do return(false) %}
  {%- endif -%}
  {% do return((date_format_parts(column.value_format, 'names_a_period').span or '') != '') %}
{% endmacro %}
