{# After processed_campaign_data is written: mark the rows that are superseded now, log the loads that this build processed and set their
   flag. A load whose mapping was changed meanwhile has a higher schema_version and stays pending.
   Arguments: client_schema (string).
   Returns: statements (text), run as a post-hook; inside the model's transaction where the adapter has one, else in one of their own. A run
     that ends between the two leaves the loads pending, and the next build writes the same rows again.
   Example: post_hook="{{ finish_loads('client_acme_meta_2024') }}" #}
{% macro finish_loads(client_schema) %}
{%- set staging = source(client_schema, 'raw_data_staging') %}
{#- all rows of one moment: the table was rebuilt, also from loads whose flag is set -#}
{%- set written -%}
    select distinct load_id from {{ staging }} where not processed_flag
            union
            select load_id from {{ this }} where (select min(processed_timestamp) = max(processed_timestamp) from {{ this }})
{%- endset -%}
{%- set statements %}
{{ supersede_rows_sql(this, restatement_policy(client_schema), overlap_policy(client_schema), written) }}

insert into {{ source(client_schema, 'processing_log') }} (
    processing_timestamp, processing_stage, status, wave_number, load_id, file_name, row_count, done_by
)
select
    {{ current_time_utc() }},
    'PROCESS',
    'SUCCESS',
    processed.wave_number,
    processed.load_id,
    processed.file_name,
    count(*),
    {{ actor() }}
from {{ this }} as processed
-- distinct, or the warehouse would keep each row of a wave to compare with
inner join (select distinct load_id, schema_version from {{ staging }} where not processed_flag) as pending
    on
        processed.load_id = pending.load_id
        and processed.schema_version = pending.schema_version
group by processed.wave_number, processed.load_id, processed.file_name;

update {{ staging }}
set processed_flag = true
where
    not processed_flag
    and (load_id, schema_version) in (select distinct load_id, schema_version from {{ this }});
{%- endset %}
{{ in_transaction(statements) }}
{% endmacro %}
