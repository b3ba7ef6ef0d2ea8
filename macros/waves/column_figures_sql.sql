{# How many cells each column of a load fills and what its numbers add up to, for comparing a table with the file.
   Arguments: cells (SQL text: a select of the cells, as raw_cells() has them), columns (list of mapping rows: ordinal, column_type,
     value_format).
   Returns: a select statement (text) of one row: two columns for each of `columns`, the filled cells and their sum, which is null for what
     is no number.
   Example: {{ column_figures_sql(raw_cells(staging, columns, ['9f2c1ab03c4d5e6f']), columns) }} #}
{% macro column_figures_sql(cells, columns) %}
select
    {%- for column in columns %}
    count({{ part_of(column, 'cell') }}),
    {%- if column_types()[column.column_type].numeric %}
    cast(coalesce(sum({{ parse_cell(part_of(column, 'cell'), column.column_type, column.value_format) }}), 0) as decimal(38, 8))
    {%- else %}
    null
    {%- endif %}{{ "," if not loop.last }}
    {%- endfor %}
from ({{ cells }}) as cells
{% endmacro %}
