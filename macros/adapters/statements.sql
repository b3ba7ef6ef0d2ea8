{# Let the `statements` of a model's hook take effect together. dbt-duckdb runs hooks inside the model's own transaction,
   dbt-snowflake runs each statement by itself. #}
{% macro in_transaction(statements) %}{{ adapter.dispatch('in_transaction', 'spark9')(statements) }}{% endmacro %}
{% macro duckdb__in_transaction(statements) %}{{ statements }}{% endmacro %}
{% macro snowflake__in_transaction(statements) %}
begin;
{{ statements }}
commit;
{% endmacro %}

{# Run several `statements` in a run-operation. On DuckDB they are one transaction. On Snowflake each statement that makes or drops
   something commits itself, so statements that belong together come with in_transaction(). #}
{% macro run_script(statements) %}{% do adapter.dispatch('run_script', 'spark9')(statements) %}{% endmacro %}
{% macro duckdb__run_script(statements) %}
  {%- do run_query('begin') -%}
  {%- do run_query(statements) -%}
  {%- do run_query('commit') -%}
{% endmacro %}
{% macro snowflake__run_script(statements) %}
  {%- do run_query(statements) -%}
{% endmacro %}

{# Run `statements` in a hook of a run, together and for good: dbt-duckdb rolls back what a start hook leaves open. #}
{% macro run_in_hook(statements) %}{% do adapter.dispatch('run_in_hook', 'spark9')(statements) %}{% endmacro %}
{% macro duckdb__run_in_hook(statements) %}
  {%- do run_query(statements) -%}
  {%- do adapter.commit() -%}
{% endmacro %}
{% macro snowflake__run_in_hook(statements) %}
  {%- do run_query(in_transaction(statements)) -%}
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
