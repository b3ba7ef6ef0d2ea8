{# Make a schema that dbt wants to have before a run, unless it is a client's: `spark9 client add` makes these, with managed access, and dbt's
   role may not. A client that was never onboarded on this target is passed over by the run, which says so.
   Arguments: relation (of the schema).
   Returns: nothing; runs a statement.
   Example: {% do adapter.create_schema(api.Relation.create(database='spark_no9_main', schema='marts')) %} #}
{% macro snowflake__create_schema(relation) %}
  {%- set of_clients = [] -%}
  {%- for client_schema in registered_client_schemas() -%}{%- do of_clients.append(schema_with_prefix(client_schema) | trim | lower) -%}{%- endfor -%}
  {%- if relation.schema | lower not in of_clients -%}{{ default__create_schema(relation) }}{%- endif -%}
{% endmacro %}
