{# Build or test a node, unless it is of a client for which this build has nothing to do (look_up_idle_clients).
   Arguments: materialization (macro): what builds or tests it otherwise, of the adapter.
   Returns: what a materialization returns: a mapping with the list of relations.
   Example: {{ return(skip_if_idle(dbt.materialization_incremental_snowflake)) }} #}
{% macro skip_if_idle(materialization) %}
  {%- set client_schema = client_of_node(model.fqn) -%}
  {%- if client_schema is none or not is_idle(client_schema) -%}
    {% do return(materialization()) %}
  {%- elif model.resource_type == 'test' -%}
    {%- do store_raw_result('main', message='nothing new', code='SKIP', rows_affected='0', agate_table=graph['spark9_no_failures']) -%}
  {%- else -%}
    {%- do store_raw_result('main', message='nothing new', code='SKIP', rows_affected='0') -%}
  {%- endif -%}
  {% do return({'relations': []}) %}
{% endmacro %}

{# The incremental models of clients, and of areas. #}
{% materialization incremental, adapter='snowflake', supported_languages=['sql', 'python'] %}
  {{ return(skip_if_idle(dbt.materialization_incremental_snowflake)) }}
{% endmaterialization %}
