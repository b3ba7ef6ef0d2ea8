{# Make a schema that dbt wants to have before a run, unless it is a client's of production: `spark9 client add` makes these, with managed
   access, and dbt's role may not.
   Arguments: relation (of the schema).
   Returns: nothing; runs a statement.
   Example: {% do adapter.create_schema(api.Relation.create(database='spark_no9_main', schema='marts')) %} #}
{% macro snowflake__create_schema(relation) %}
  {%- set of_clients = [] -%}
  {%- for client_schema in registered_client_schemas() if owns_raw_rows() -%}{%- do of_clients.append(raw_schema(client_schema) | trim | lower) -%}{%- endfor -%}
  {%- if relation.schema | lower not in of_clients -%}{{ default__create_schema(relation) }}{%- endif -%}
{% endmacro %}
