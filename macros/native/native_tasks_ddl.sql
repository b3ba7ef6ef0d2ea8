{# The tasks: one graph, which runs once at a time, as the project object that it executes asks for (docs/decisions/0043). The root notes
   what was asked for and the new rows of all clients in one statement, which moves the streams on, and only then does the build begin: rows
   that come during a build start the next one. A build that fails loses nothing, since what is pending is what the table lacks, not by the
   streams.
   Returns: statements (text), each ended by a semicolon. New tasks are suspended, as Snowflake makes them.
   Example: {{ native_tasks_ddl() }} #}
{% macro native_tasks_ddl() %}
{%- set native = native_schema() %}
{%- set requests = native ~ '.new_build_requests' %}
{%- set streams = [] %}
{%- for client_schema in registered_client_schemas() -%}
  {%- do streams.append([client_schema, target.database ~ '.' ~ client_schema ~ '.new_raw_rows']) -%}
{%- endfor %}
drop task if exists {{ native }}.build_now;
create or replace task {{ native }}.note_new_rows
    warehouse = {{ warehouse_of('transformer') }}
    user_task_minimum_trigger_interval_in_seconds = 60
    allow_overlapping_execution = false
    when system$stream_has_data({{ text_literal(requests) }}){% for _, stream in streams %} or system$stream_has_data({{ text_literal(stream) }}){% endfor %}
as
    insert into {{ native }}.new_rows (client_schema, row_count, noted_at)
    select client_schema, null, {{ current_time_utc() }} from {{ requests }}
    {%- for client_schema, stream in streams %}
    union all select {{ text_literal(client_schema) }}, count(*), {{ current_time_utc() }} from {{ stream }}
    {%- endfor %};

create or replace task {{ native }}.build_new_rows
    warehouse = {{ warehouse_of('transformer') }}
    after {{ native }}.note_new_rows
as
    execute dbt project {{ native }}.spark9 args = 'build --target prod' dbt_version = {{ text_literal(var('snowflake').native_dbt_version) }};
{% endmacro %}
