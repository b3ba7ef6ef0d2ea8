{# What tells rows of two accounts, or of two currencies, apart: the value, where all rows of the same `by` have one; else nothing, since a
   row that does not say it could be of either.
   Arguments: value (SQL text expression), by (SQL expression; none for all rows).
   Returns: a text expression (text) with window functions; never null.
   Example: row_key || {{ known_scope('currency', 'row_key') }} #}
{% macro known_scope(value, by=none) -%}
  {%- set over = '(' ~ ('partition by ' ~ by if by else '') ~ ')' -%}
  case when count({{ value }}) over {{ over }} = count(*) over {{ over }} then {{ value }} || '|' else '' end
{%- endmacro %}
