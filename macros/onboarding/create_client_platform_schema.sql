{# Make the schema and tables of a client, platform and year; `spark9 client add` runs the same statements, and writes the registry and the
   models folder besides.
   Arguments: client, platform, year (see client_schema_name()); dry_run (bool): print the statements only.
   Returns: nothing; logs what it made. Running it again changes nothing. The people of seeds/client_access.csv come last: one who is no
     user of the warehouse yet stops it there, with everything else made.
   Example: dbt run-operation create_client_platform_schema --args '{client: acme, platform: meta, year: 2024}' #}
{% macro create_client_platform_schema(client, platform, year, dry_run=false) %}
  {%- set client_schema = client_schema_name(client, platform, year) -%}
  {%- set schema_name = raw_schema(client_schema) | trim -%}
  {%- do run_statements(with_admin_role(client_schema_ddl(schema_name)), dry_run) -%}
  {%- for access in registered_accesses() if keeps_roles() and access.client_schema == client_schema -%}
    {%- do run_statements(with_admin_role(user_access_ddl(schema_name, access.user_name, access.access)), dry_run) -%}
  {%- endfor -%}
  {%- if not dry_run -%}
    {%- do log("schema " ~ schema_name ~ " exists with its tables", info=true) -%}
    {%- if client_schema not in registered_client_schemas() -%}
      {%- do log("it is not in the registry yet. Add it with: spark9 client add " ~ client ~ " " ~ platform ~ " " ~ year, info=true) -%}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}
