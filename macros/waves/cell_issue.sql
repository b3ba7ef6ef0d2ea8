{#
  Purpose: one entry of row_issues that names a cell.
  Arguments: problem (string: target column and what is wrong), cell (SQL text expression), condition (SQL text).
  Returns: an expression (text): the issue with the first 40 characters of the cell, null where the condition is false.
  Example: {{ cell_issue('clicks: not a whole number', 'cell_4', 'value_4 is null and cell_4 is not null') }}
#}
{% macro cell_issue(problem, cell, condition) -%}
  case when {{ condition }} then {{ text_literal(problem ~ ": '") }} || left({{ cell }}, 40) || '''' end
{%- endmacro %}
