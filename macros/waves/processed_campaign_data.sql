{# The whole model processed_campaign_data of one client: flatten the pending loads, score each row.
   Arguments: client_schema (string): a schema of the registry, for which sources are generated.
   Returns: the model's configuration and its select statement. Incremental: delete+insert on load_id, new promoted columns are appended;
     then finish_loads() marks rows that a later load restates or overlaps as superseded.
   Example: {{ processed_campaign_data('client_acme_meta_2024') }} #}
{% macro processed_campaign_data(client_schema) %}
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='load_id',
    on_schema_change='append_new_columns',
    schema=client_schema,
    meta={'client_schema': client_schema},
    alias='processed_campaign_data',
    cluster_by=['wave_number', 'date_start'],
    post_hook="{{ finish_loads('" ~ client_schema ~ "') }}",
) }}
{%- set groups = pending_loads(client_schema) -%}
{%- do plan_for_columns(groups | map(attribute='columns') | map('length') | sum) -%}
{{ processed_rows(
    client_source(client_schema, 'raw_data_staging'),
    client_source(client_schema, 'naming_keys'),
    groups,
    promoted_columns(client_schema),
    code_version('rows'),
) }}
{% endmacro %}
