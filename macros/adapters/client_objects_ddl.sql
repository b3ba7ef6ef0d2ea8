{#
  Purpose: what a client's schema has besides tables: on Snowflake the stage of the originals, the file format in which
    rows arrive, the lock that lets one load at a time write, and the roles with their grants.
  Arguments: schema_name (string).
  Returns: statements (text), each ended by a semicolon, or nothing.
  Example: {{ client_objects_ddl('client_acme_meta_2024') }}
#}
{% macro client_objects_ddl(schema_name) %}{{ adapter.dispatch('client_objects_ddl', 'spark9')(schema_name) }}{% endmacro %}

{% macro default__client_objects_ddl(schema_name) %}{{ unsupported_adapter('client_objects_ddl') }}{% endmacro %}

{% macro duckdb__client_objects_ddl(schema_name) %}{% endmacro %}

{% macro snowflake__client_objects_ddl(schema_name) %}
create stage if not exists {{ schema_name }}.{{ schema_name }}_stage;

create file format if not exists {{ schema_name }}.landing_parquet type = parquet;

create table if not exists {{ schema_name }}.load_lock (locked_at {{ type_timestamp() }});

insert into {{ schema_name }}.load_lock (locked_at)
select {{ current_time_utc() }}
where not exists (select 1 from {{ schema_name }}.load_lock);
{{ client_access_ddl(schema_name) }}
{% endmacro %}
