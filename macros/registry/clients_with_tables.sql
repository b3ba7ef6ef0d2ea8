{# The active clients that have the loader's tables; marts unite these. While dbt parses, all of the registry.
   Arguments: with_table (string): which table must be there.
   Returns: list of client schemas (strings).
   Example: {% for client_schema in clients_with_tables() %}{{ ref(client_schema ~ '__wave_quality') }}{% endfor %} #}
{% macro clients_with_tables(with_table='raw_data_staging') %}
  {%- if not execute -%}{% do return(registered_client_schemas()) %}{%- endif -%}
  {%- set onboarded = schemas_with(with_table) -%}
  {%- set found = [] -%}
  {%- for client_schema in registered_client_schemas() if raw_schema(client_schema) | trim | lower in onboarded -%}
    {%- do found.append(client_schema) -%}
  {%- endfor -%}
  {% do return(found) %}
{% endmacro %}
