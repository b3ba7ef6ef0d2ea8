{# The loads that a table of processed rows lacks: not there, or there under an earlier schema_version.
   Arguments: staging, processed (relations, or names, of one client).
   Returns: a select statement (text) of load_id.
   Example: where load_id in ({{ pending_loads_sql(source(schema, 'raw_data_staging'), this) }}) #}
{% macro pending_loads_sql(staging, processed) -%}
select load_id
from (
  select load_id, schema_version from {{ staging }} where row_kind = 'data'
  except
  select load_id, schema_version from {{ processed }}
) as pending
{%- endmacro %}
