{# The whole model processed_campaign_data of one client: the typed rows of the pending loads, each with its score.
   Arguments: client_schema (string): a schema of the registry, for which sources are generated.
   Returns: the model's configuration and its select statement. Incremental: delete+insert on load_id, new promoted columns are appended;
     then finish_loads() marks rows that a later load restates or overlaps as superseded.
   Example: {{ processed_campaign_data('client_acme_meta_2024') }} #}
{% macro processed_campaign_data(client_schema) %}
{%- do assert_client_files(client_schema) -%}
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='load_id',
    on_schema_change='append_new_columns',
    schema=client_schema,
    meta={'client_schema': client_schema},
    alias='processed_campaign_data',
    post_hook="{{ finish_loads('" ~ client_schema ~ "') }}",
) }}
with

typed_rows as (

    select * from {{ ref(client_schema ~ '__typed_rows') }}

),

{{ scored_rows_ctes(client_source(client_schema, 'naming_keys'), promoted_columns(client_schema), code_version('rows')) }}

select * from final
{% endmacro %}
