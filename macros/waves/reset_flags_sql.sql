{# The statements that turn a processed_flag set to false by hand into a new schema_version of the load.
   Arguments: schema_name (string): of the client.
   Returns: statements (text), each ended by a semicolon.
   Example: {% do run_in_hook(reset_flags_sql('client_acme_meta_2024'), 'client_acme_meta_2024') %} #}
{% macro reset_flags_sql(schema_name) %}
{%- set processed, log = schema_name ~ '.processed_campaign_data', schema_name ~ '.processing_log' %}
{%- set is_reset -%}
load_id in (
    select load_id from {{ schema_name }}.raw_data_staging where not processed_flag
    intersect
    select load_id
    from (
        select load_id, schema_version from {{ processed }}
        intersect
        select load_id, schema_version from {{ schema_name }}.raw_data_staging
    ) as processed_loads
    except
    ({{ loads_since_log_sql(processed, log) }})
)
{%- endset %}
insert into {{ log }} (processing_timestamp, processing_stage, status, wave_number, row_count, done_by)
select {{ current_time_utc() }}, 'REPROCESS', 'SUCCESS', wave_number, count(*), {{ actor() }}
from {{ schema_name }}.raw_data_staging
where {{ is_reset }}
group by wave_number;

update {{ schema_name }}.raw_data_staging
set processed_flag = false, schema_version = schema_version + 1
where {{ is_reset }};
{% endmacro %}
