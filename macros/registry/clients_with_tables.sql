{# The active clients that have the loader's tables; marts unite these. While dbt parses, all of the registry.
   Arguments: tables (list of strings): which must be there.
   Returns: list of client schemas (strings).
   Example: {% for client_schema in clients_with_tables() %}{{ ref(client_schema ~ '__wave_quality') }}{% endfor %} #}
{% macro clients_with_tables(tables=['raw_data_staging']) %}
  {%- if not execute -%}
    {%- do assert_client_files() -%}
    {% do return(registered_client_schemas()) %}
  {%- endif -%}
  {%- set found = {} -%}
  {%- for schema, table in run_query(tables_among(tables)).rows -%}{%- do found.setdefault(schema, []).append(table) -%}{%- endfor -%}
  {%- set clients = [] -%}
  {%- for client_schema in registered_client_schemas() if found.get(raw_schema(client_schema) | trim | lower, []) | length == tables | length -%}
    {%- do clients.append(client_schema) -%}
  {%- endfor -%}
  {% do return(clients) %}
{% endmacro %}
