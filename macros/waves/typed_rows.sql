{# The whole model typed_rows of one client: the rows of the loads that the next build takes in (pending_loads()), as typed columns. It is
   ephemeral, a part of processed_campaign_data; `dbt show` and `dbt compile` show it by itself.
   Arguments: client_schema (string): a schema of the registry, for which sources are generated.
   Returns: the model's configuration and its select statement.
   Example: {{ typed_rows('client_acme_meta_2024') }} #}
{% macro typed_rows(client_schema) %}
{%- do assert_client_files(client_schema) -%}
{{ config(
    materialized='ephemeral',
    schema=client_schema,
    alias=client_schema ~ '__typed_rows',
    meta={'client_schema': client_schema},
) }}
{%- set groups = pending_loads(client_schema, this.incorporate(path={'identifier': 'processed_campaign_data'})) -%}
{{ typed_rows_sql(client_source(client_schema, 'raw_data_staging'), groups, promoted_columns(client_schema)) }}
{% endmacro %}
