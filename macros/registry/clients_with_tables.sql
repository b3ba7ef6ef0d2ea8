{# The active clients that have tables on this target; marts unite these. While dbt parses, all of the registry.
   Returns: list of client schemas (strings).
   Example: {% for client_schema in clients_with_tables() %}{{ ref(client_schema ~ '__wave_quality') }}{% endfor %} #}
{% macro clients_with_tables() %}
  {%- set found = [] -%}
  {%- for client_schema in registered_client_schemas() if client_has_tables(client_schema) -%}{%- do found.append(client_schema) -%}{%- endfor -%}
  {% do return(found) %}
{% endmacro %}
