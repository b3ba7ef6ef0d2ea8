{# Take away all that deploy_native() made. Clients' schemas and data stay.
   Arguments: confirm (bool): must be true; dry_run (bool): print the statements only.
   Returns: nothing.
   Example: dbt run-operation drop_native --target prod --args '{confirm: true}' #}
{% macro drop_native(confirm=false, dry_run=false) %}
  {%- if not confirm and not dry_run -%}
    {%- do exceptions.raise_compiler_error("drop_native: nothing was dropped; add `confirm: true` to drop the schema " ~ native_schema() ~ " and the streams of all clients") -%}
  {%- endif -%}
  {%- set statements = ['drop schema if exists ' ~ native_schema() ~ ' cascade;'] -%}
  {%- for client_schema in registered_client_schemas() -%}
    {%- do statements.append('drop stream if exists ' ~ target.database ~ '.' ~ client_schema ~ '.new_raw_rows;') -%}
  {%- endfor -%}
  {%- do run_statements(with_admin_role(statements | join('\n')), dry_run) -%}
{% endmacro %}
