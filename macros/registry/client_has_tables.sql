{# Whether the loader's tables of a client are there. A client of the registry that was never onboarded has models and tests without rows.
   Arguments: client_schema (string).
   Returns: bool; true while dbt parses, so that every client is in the lineage, and in unit tests, which bring their rows.
   Example: {% if client_has_tables('client_acme_meta_2024') %}...{% endif %} #}
{% macro client_has_tables(client_schema) %}
  {%- if not execute or model.resource_type == 'unit_test' -%}{% do return(true) %}{%- endif -%}
  {% do return(client_schema in clients_with_tables()) %}
{% endmacro %}
