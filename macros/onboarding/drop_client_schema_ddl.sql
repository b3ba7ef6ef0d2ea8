{# The statements that drop a client's schema with all its tables, and the client's roles.
   Arguments: schema_name (string, from client_schema_name(), with the target's prefix).
   Returns: statements (text), each ended by a semicolon.
   Example: {% do run_statements(drop_client_schema_ddl('client_acme_meta_2024')) %} #}
{% macro drop_client_schema_ddl(schema_name) %}
drop schema if exists {{ schema_name }} cascade;
{{ drop_roles_ddl(schema_name) }}
{% endmacro %}
