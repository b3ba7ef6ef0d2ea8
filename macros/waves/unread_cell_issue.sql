{# The entry of row_issues for a filled cell that does not parse: not of its type, or only a bound such as '<10'.
   Arguments: column (a mapping row), cell and value (SQL expressions), bound (string: how a bound is named).
   Returns: an expression (text): the issue with the first 40 characters of the cell, null where the cell parses or is empty.
   Example: {{ unread_cell_issue(column, 'cell_4', 'value_4', 'clicks: only a bound') }} #}
{% macro unread_cell_issue(column, cell, value, bound) -%}
  case when {{ value }} is null and not {{ is_empty_value(cell) }} then case when {{ text_matches(cell, bound_pattern()) }} then {{ text_literal(bound) }} else {{ text_literal(column.target_column ~ ': ' ~ column_types()[column.column_type].problem) }} end || ': ''' || left({{ cell }}, 40) || '''' end
{%- endmacro %}
