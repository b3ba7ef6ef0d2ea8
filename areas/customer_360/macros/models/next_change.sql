{# The number of this change of a table: one more than its rows have.
   Arguments: relation (relation or none): the table; none on a full refresh.
   Returns: a whole number (text).
   Example: cast({{ next_change(this if is_incremental() else none) }} as bigint) as changed_by #}
{% macro next_change(relation) -%}
  {%- if execute and relation and load_relation(relation) -%}
  {{ run_query('select coalesce(max(changed_by), 0) + 1 from ' ~ relation).rows[0][0] | int }}
  {%- else -%}
  1
  {%- endif -%}
{%- endmacro %}
