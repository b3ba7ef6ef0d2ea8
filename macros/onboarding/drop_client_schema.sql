{# Drop the schema of a client, platform and year with all its tables. There is no way back on DuckDB; on Snowflake see docs/snowflake.md,
   'Recovery'.
   Arguments: client, platform, year (see client_schema_name()); confirm (bool): must be true.
   Returns: nothing; logs what it dropped. `spark9 client drop` also removes registry row, models folder and stage.
   Example: dbt run-operation drop_client_schema --args '{client: acme, platform: meta, year: 2024, confirm: true}' #}
{% macro drop_client_schema(client, platform, year, confirm=false) %}
  {%- set schema_name = raw_schema(client_schema_name(client, platform, year)) | trim -%}
  {%- if not confirm -%}
    {%- do exceptions.raise_compiler_error("drop_client_schema: nothing was dropped; add `confirm: true` to drop " ~ schema_name ~ " and all its tables") -%}
  {%- endif -%}
  {%- do run_statements(with_admin_role(drop_client_schema_ddl(schema_name))) -%}
  {%- do log("schema " ~ schema_name ~ " is dropped", info=true) -%}
{% endmacro %}
