{# List the relations of each schema that several models share (marts, registry) before the threads of a run begin. dbt lists a schema when
   a model first needs it (populate_cache: false); two threads that do so at once disagree on what they found, and one stops with 'Cache
   inconsistency detected'. The models of a client are built one after the other.
   Returns: nothing to run.
   Example: on-run-start: ["{{ look_up_shared_schemas() }}"] #}
{% macro look_up_shared_schemas() %}
  {%- if execute and flags.WHICH in ('run', 'build', 'seed') -%}
    {%- set shared = {} -%}
    {%- for node in graph.nodes.values() if node.resource_type in ('model', 'seed') -%}
      {%- if not node.config.get('meta', {}).get('client_schema') -%}
        {%- do shared.update({node.schema: node}) -%}
      {%- endif -%}
    {%- endfor -%}
    {%- for schema, node in shared.items() -%}
      {%- do adapter.get_relation(node.database, schema, node.alias) -%}
    {%- endfor -%}
  {%- endif -%}
{% endmacro %}
