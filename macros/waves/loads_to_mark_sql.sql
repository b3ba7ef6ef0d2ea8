{# The loads after which a build has to look again which rows count: what it wrote, and what is gone. A target that keeps no log looks at all.
   Arguments: processed, staging, log (relations of one client).
   Returns: a select statement (text) of load_id.
   Example: {{ supersede_rows_sql(this, 'supersede', 'finest', loads_to_mark_sql(this, staging, log)) }} #}
{% macro loads_to_mark_sql(processed, staging, log) -%}
{%- if owns_raw_rows() -%}
{{ loads_since_log_sql(processed, log) }}
union all
select superseded_by as load_id
from {{ processed }}
where superseded_by not in (select load_id from {{ staging }})
{%- else -%}
select load_id from {{ processed }}
{%- endif -%}
{%- endmacro %}
