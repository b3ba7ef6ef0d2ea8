{# dbt's delete+insert, as one block: dbt-snowflake sends begin, delete, insert and commit one by one and rolls nothing back, so that a
   delete whose insert failed would be committed by what the connection sends next (docs/decisions/0048). dbt gives the `target`
   and `source` relations, the `unique_key`, the `dest_columns` and `incremental_predicates`. #}
{% macro snowflake__get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) %}
  {%- set statements = default__get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) -%}
  {% do return(in_client_transaction(statements ~ ';', none)) %}
{% endmacro %}

{# Let `statements` take effect together, or not at all. With `lock`, the schema of a client, they wait for a load of that client, and it
   for them; without (none) nothing waits. One statement on Snowflake: dbt keeps a connection whose statement failed, and what
   it sends next would commit an open transaction (docs/decisions/0041). dbt-duckdb runs hooks inside the model's own transaction. #}
{% macro in_client_transaction(statements, lock) %}{{ adapter.dispatch('in_client_transaction', 'spark9')(statements, lock) }}{% endmacro %}
{% macro duckdb__in_client_transaction(statements, lock) %}{{ statements }}{% endmacro %}
{% macro snowflake__in_client_transaction(statements, lock) %}
{%- set block %}
begin
begin transaction;
{%- if lock %}
update {{ lock }}.load_lock set locked_at = locked_at;
{%- endif %}
{{ statements }}
commit;
exception
    when other then
        rollback;
        raise;
end;
{% endset %}
execute immediate {{ text_literal(block) if '$$' in block else '$$' ~ block ~ '$$' }};
{% endmacro %}

{# Run several `statements` in a run-operation. On DuckDB they are one transaction. On Snowflake each statement that makes or drops
   something commits itself, so statements that belong together come with in_client_transaction(). #}
{% macro run_script(statements) %}{% do adapter.dispatch('run_script', 'spark9')(statements) %}{% endmacro %}
{% macro duckdb__run_script(statements) %}
  {%- do run_query('begin') -%}
  {%- do run_query(statements) -%}
  {%- do run_query('commit') -%}
{% endmacro %}
{% macro snowflake__run_script(statements) %}
  {%- do run_query(statements) -%}
{% endmacro %}

{# Run `statements` in a hook of a run, together and for good: dbt-duckdb rolls back what a start hook leaves open. `lock`: see
   in_client_transaction(). #}
{% macro run_in_hook(statements, lock) %}{% do adapter.dispatch('run_in_hook', 'spark9')(statements, lock) %}{% endmacro %}
{% macro duckdb__run_in_hook(statements, lock) %}
  {%- do run_query(statements) -%}
  {%- do adapter.commit() -%}
{% endmacro %}
{% macro snowflake__run_in_hook(statements, lock) %}
  {%- do run_query(in_client_transaction(statements, lock)) -%}
{% endmacro %}

{# Have `statements` run by the role that owns client schemas and their roles, and go back to the target's role. The same statements
   where the warehouse has no roles, or the target keeps none. #}
{% macro with_admin_role(statements) %}{{ adapter.dispatch('with_admin_role', 'spark9')(statements) }}{% endmacro %}
{% macro duckdb__with_admin_role(statements) %}{{ statements }}{% endmacro %}
{% macro snowflake__with_admin_role(statements) %}
{%- if keeps_roles() %}
use role {{ functional_role('admin') }};
{{ statements }}
{%- if target.role %}
use role {{ target.role }};
{%- endif %}
{%- else -%}
{{ statements }}
{%- endif %}
{% endmacro %}

{# The statements that drop the roles of the client with the schema `schema_name`; nothing where the warehouse has none. #}
{% macro drop_roles_ddl(schema_name) %}{{ adapter.dispatch('drop_roles_ddl', 'spark9')(schema_name) }}{% endmacro %}
{% macro duckdb__drop_roles_ddl(schema_name) %}{% endmacro %}
{% macro snowflake__drop_roles_ddl(schema_name) %}
{%- if keeps_roles() %}
drop role if exists {{ client_role(schema_name, 'owner') }};

drop role if exists {{ client_role(schema_name, 'reader') }};
{%- endif %}
{% endmacro %}

{# Stop a run-operation on any other warehouse, with the name of the `macro` that it called. #}
{% macro only_on_snowflake(macro) %}{% do adapter.dispatch('only_on_snowflake', 'spark9')(macro) %}{% endmacro %}
{% macro default__only_on_snowflake(macro) %}
  {%- do exceptions.raise_compiler_error(macro ~ " is only for Snowflake, but this target is of type '" ~ target.type ~ "'") -%}
{% endmacro %}
{% macro snowflake__only_on_snowflake(macro) %}{% endmacro %}
