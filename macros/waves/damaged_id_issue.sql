{# The entry of row_issues for an id that a spreadsheet made a number of.
   Arguments: target (string: the target column), cell (SQL text expression).
   Returns: an expression (text): the issue with the first 40 characters of the cell, null for an id that is whole.
   Example: {{ damaged_id_issue('campaign_id', 'cell_4') }} #}
{% macro damaged_id_issue(target, cell) -%}
  case when {{ text_matches(cell, damaged_id_pattern()) }} then {{ text_literal(target ~ ": damaged by a spreadsheet: '") }} || left({{ cell }}, 40) || '''' end
{%- endmacro %}
