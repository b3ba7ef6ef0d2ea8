{# The ingestion up to which a table has been built; 0 where it is not there or is rebuilt. It is asked for beforehand: by a literal a
   warehouse passes over what it keeps of earlier ingestions, by a subquery it reads all (docs/decisions/0029).
   Arguments: relation (relation or none), column (string): of the table, its row's ingestion.
   Returns: a whole number (text).
   Example: where ingestion_id > {{ latest_ingestion(this, 'changed_by') }} #}
{% macro latest_ingestion(relation, column) -%}
  {#- dbt docs compiles models of areas that were never built -#}
  {%- if execute and relation and load_relation(relation) -%}
  {{ run_query('select coalesce(max(' ~ column ~ '), 0) as latest from ' ~ relation).rows[0][0] | int }}
  {%- else -%}
  0
  {%- endif -%}
{%- endmacro %}
