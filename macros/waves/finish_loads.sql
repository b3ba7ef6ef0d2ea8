{# After processed_campaign_data is written: take out rows of loads that are gone, and mark the rows that are superseded now. Where the target
   owns the raw rows, log the loads that this build processed and set their processed_flag. A load whose mapping was changed meanwhile has a
   higher schema_version and stays pending.
   Arguments: client_schema (string).
   Returns: statements (text), run as a post-hook; inside the model's transaction where the adapter has one, else in one of their own. A run
     that ends between the two is finished by the next one, since what is marked here are the loads whose rows are younger than the log.
   Example: post_hook="{{ finish_loads('client_acme_meta_2024') }}" #}
{% macro finish_loads(client_schema) %}
{%- if execute and client_has_tables(client_schema) and not is_partial_run() %}
{%- set staging = source(client_schema, 'raw_data_staging') %}
{%- set log = source(client_schema, 'processing_log') %}
{%- set gone = 'select load_id from ' ~ this ~ ' where load_id not in (select load_id from ' ~ staging ~ ')' %}
{%- set to_mark = loads_to_mark_sql(this, staging, log) %}
{%- if run_query('select 1 from (' ~ gone ~ ' union all ' ~ to_mark ~ ') as loads limit 1').rows %}
{%- set statements %}
delete from {{ this }}
where load_id in ({{ gone }});

{{ supersede_rows_sql(this, restatement_policy(client_schema), overlap_policy(client_schema), to_mark) }}
{% if owns_raw_rows() %}
insert into {{ log }} (
    processing_timestamp, processing_stage, status, wave_number, load_id, file_name, row_count, done_by
)
select
    {{ current_time_utc() }},
    'PROCESS',
    'SUCCESS',
    wave_number,
    load_id,
    file_name,
    count(*),
    {{ actor() }}
from {{ this }}
where load_id in ({{ loads_since_log_sql(this, log) }})
group by wave_number, load_id, file_name;

update {{ staging }}
set processed_flag = true
where
    not processed_flag
    and (load_id, schema_version) in (select distinct load_id, schema_version from {{ this }});
{% endif %}
{%- endset %}
{{ in_client_transaction(statements, raw_schema(client_schema) | trim if owns_raw_rows() else none) }}
{%- endif %}
{%- endif %}
{% endmacro %}
