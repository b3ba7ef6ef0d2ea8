{# Make, or bring up to date, what an account needs once: database, warehouses, resource monitors, functional roles, the schemas of marts
   and seeds. Settings stand in the dbt var `snowflake`. Running it again changes nothing.
   Arguments: dry_run (bool): print the statements only.
   Returns: nothing; logs what there is now. The user must have the role accountadmin, or sysadmin, useradmin, securityadmin and
     accountadmin each; only this operation asks for them.
   Example: dbt run-operation setup_account --target prod --args '{dry_run: true}' #}
{% macro setup_account(dry_run=false) %}
  {%- do run_statements(account_ddl(), dry_run) -%}
  {%- if not dry_run -%}
    {%- set names = var('snowflake').warehouses.keys() | join(', ') -%}
    {%- do log("database " ~ target.database ~ " is set up, with the warehouses " ~ names ~ " and the roles " ~ var('snowflake').roles.values() | join(', '), info=true) -%}
  {%- endif -%}
{% endmacro %}
