{# The loads whose processed rows are younger than the log's last word of them: written by a build that has not been finished yet.
   Arguments: processed, log (relations of one client).
   Returns: a select statement (text) of load_id.
   Example: where load_id in ({{ loads_since_log_sql(this, source(schema, 'processing_log')) }}) #}
{% macro loads_since_log_sql(processed, log) -%}
select written.load_id
from (
    select
        load_id,
        max(processed_timestamp) as processed_timestamp
    from {{ processed }}
    group by load_id
) as written
left join (
    select
        load_id,
        max(processing_timestamp) as logged_timestamp
    from {{ log }}
    where
        processing_stage = 'PROCESS'
        and status = 'SUCCESS'
    group by load_id
) as logged on written.load_id = logged.load_id
where
    logged.logged_timestamp is null
    or written.processed_timestamp > logged.logged_timestamp
{%- endmacro %}
