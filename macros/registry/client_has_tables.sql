{# Whether the loader's tables of a client are on this target. A client of the registry that was never onboarded here is passed over by
   builds, tests and docs; asked once a run, for all clients.
   Arguments: client_schema (string).
   Returns: bool; true while dbt parses, so that every client is in the lineage.
   Example: {% if client_has_tables('client_acme_meta_2024') %}...{% endif %} #}
{% macro client_has_tables(client_schema) %}
  {%- if not execute -%}{% do return(true) %}{%- endif -%}
  {%- set states = graph.setdefault('spark9_build_states', {}) -%}
  {%- if 'onboarded' not in states -%}
    {%- do states.update({'onboarded': run_query(tables_found('raw_data_staging')).columns[0].values() | list}) -%}
  {%- endif -%}
  {% do return(schema_with_prefix(client_schema) | trim | lower in states.onboarded) %}
{% endmacro %}
