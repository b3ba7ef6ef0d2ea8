{# Build a model, unless it belongs to a client for which nothing is new (config meta.client_schema).
   Arguments: materialization (macro): what builds it otherwise, of the adapter.
   Returns: what a materialization returns: a mapping with the list of relations.
   Example: {{ return(skip_if_up_to_date(dbt.materialization_incremental_snowflake)) }} #}
{% macro skip_if_up_to_date(materialization) %}
  {%- set client_schema = config.get('meta', {}).get('client_schema') -%}
  {%- if client_schema and is_up_to_date(client_schema) -%}
    {%- do store_raw_result('main', message='up to date', code='SKIP', rows_affected='0') -%}
    {% do return({'relations': [this.incorporate(type='table')]}) %}
  {%- endif -%}
  {% do return(materialization()) %}
{% endmacro %}
