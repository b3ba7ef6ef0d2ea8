{# Every statement of deploy_native().
   Arguments: source (string or none), see deploy_native().
   Returns: statements (text), each ended by a semicolon.
   Example: {{ native_ddl() }} #}
{% macro native_ddl(source=none) %}
{%- do only_on_snowflake('native_ddl') %}
{%- set native = native_schema() %}
use role accountadmin;
grant execute task on account to role {{ functional_role('admin') }};
grant usage on warehouse {{ warehouse_of('transformer') }} to role {{ functional_role('admin') }};
use role {{ functional_role('admin') }};
create schema if not exists {{ native }} with managed access;
{{ create_client_procedure_ddl() }}
{{ process_wave_procedure_ddl() }}
{%- if source %}
create or replace dbt project {{ native }}.spark9 from {{ text_literal(source) }};
{%- endif %}
create table if not exists {{ native }}.new_rows (client_schema varchar, row_count bigint, noted_at {{ type_timestamp() }});
create table if not exists {{ native }}.build_requests (client_schema varchar, requested_by varchar, requested_at {{ type_timestamp() }});
create stream if not exists {{ native }}.new_build_requests on table {{ native }}.build_requests append_only = true;
{% for client_schema in registered_client_schemas() %}
create stream if not exists {{ target.database }}.{{ client_schema }}.new_raw_rows on table {{ target.database }}.{{ client_schema }}.raw_data_staging append_only = true;
{%- endfor %}
{{ native_tasks_ddl() }}
create or replace view {{ native }}.task_runs as
select name, state, scheduled_time, query_start_time, completed_time, error_code, error_message, query_id
from table({{ target.database }}.information_schema.task_history(
    scheduled_time_range_start => dateadd('day', -7, current_timestamp()), result_limit => 10000
))
where schema_name = 'NATIVE';
grant usage on schema {{ native }} to role {{ functional_role('loader') }};
grant usage on procedure {{ native }}.process_wave_data(varchar, number) to role {{ functional_role('loader') }};
{%- if target.role %}
use role {{ target.role }};
{%- endif %}
{% endmacro %}
