{#
  Purpose: the ingestion up to which a table has been built; 0 where it is not there or is built anew.
  Arguments: relation (relation or none), column (string): of the table, its row's ingestion.
  Returns: a scalar subquery, or 0 (text).
  Example: where ingestion_id > {{ latest_ingestion(this, 'changed_by') }}
#}
{% macro latest_ingestion(relation, column) -%}
  {%- if relation is none or relation is false %}0{% else %}(select coalesce(max({{ column }}), 0) from {{ relation }}){% endif -%}
{%- endmacro %}
