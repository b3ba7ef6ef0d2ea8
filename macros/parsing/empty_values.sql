{#
  Purpose: the cells that platforms write where there is no value; null in a column of numbers or dates, never an issue.
  Returns: list of strings, lower case.
  Example: case when lower(cell_3) in ({{ ... }}) then null else cell_3 end
#}
{% macro empty_values() %}
  {% do return(['-', '--', '—', '–', 'n/a', 'na', 'null', 'none', '#n/a']) %}
{% endmacro %}
