{# Build a model, unless it belongs to a client for which nothing is new (config meta.client_schema).
   Arguments: materialization (macro): what builds it otherwise, of the adapter.
   Returns: what a materialization returns: a mapping with the list of relations.
   Example: {{ return(unless_nothing_is_new(dbt.materialization_incremental_snowflake)) }} #}
{% macro unless_nothing_is_new(materialization) %}
  {%- set client_schema = config.get('meta', {}).get('client_schema') -%}
  {%- if client_schema and nothing_is_new(client_schema) -%}
    {%- do store_raw_result('main', message='nothing new', code='SKIP', rows_affected='0') -%}
    {% do return({'relations': [this.incorporate(type='table')]}) %}
  {%- endif -%}
  {% do return(materialization()) %}
{% endmacro %}
