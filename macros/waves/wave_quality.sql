{# The whole model wave_quality of one client: one row a wave with its score, the parts of the score, and the columns that are new or
   missing against earlier waves.
   Arguments: client_schema (string).
   Returns: the model's configuration and its select statement. Incremental by wave: a wave is computed again when its loads, or the columns
     of the waves before it, are not those of the stored row (`signature`).
   Example: {{ wave_quality('client_acme_meta_2024') }} #}
{% macro wave_quality(client_schema) %}
{%- do assert_client_files(client_schema) -%}
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='wave_number',
    on_schema_change='append_new_columns',
    schema=client_schema,
    meta={'client_schema': client_schema},
    alias='wave_quality',
    post_hook="{{ remove_gone_waves('" ~ client_schema ~ "') }}",
) }}
{{ scored_waves(
    ref(client_schema ~ '__processed_campaign_data'),
    client_source(client_schema, 'wave_schema_mapping'),
    this if is_incremental() else none,
    code_version('waves'),
) }}
{% endmacro %}
