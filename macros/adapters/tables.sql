{# The statement that makes a client's schema `schema_name`. On Snowflake with managed access: only the schema's owner gives
   privileges on what is in it, not whoever made a table. #}
{% macro create_schema_ddl(schema_name) %}{{ adapter.dispatch('create_schema_ddl', 'spark9')(schema_name) }}{% endmacro %}
{% macro duckdb__create_schema_ddl(schema_name) %}create schema if not exists {{ schema_name }};{% endmacro %}
{% macro snowflake__create_schema_ddl(schema_name) %}create schema if not exists {{ schema_name }} with managed access data_retention_time_in_days = {{ time_travel_days('schema') }};{% endmacro %}

{# What the schema `schema_name` of a client has besides tables: on Snowflake the stage of the originals, the lock that lets one load at a
   time write, and the roles with their grants. Statements, or nothing. #}
{% macro client_objects_ddl(schema_name) %}{{ adapter.dispatch('client_objects_ddl', 'spark9')(schema_name) }}{% endmacro %}
{% macro duckdb__client_objects_ddl(schema_name) %}{% endmacro %}
{% macro snowflake__client_objects_ddl(schema_name) %}
{%- if keeps_roles() %}
{#- a build makes the schema of a client that was registered, but not onboarded -#}
grant ownership on schema {{ schema_name }} to role {{ functional_role('admin') }} copy current grants;
alter schema {{ schema_name }} enable managed access;
{% endif %}
create stage if not exists {{ schema_name }}.{{ schema_name }}_stage;

create table if not exists {{ schema_name }}.load_lock (locked_at {{ type_timestamp() }});

insert into {{ schema_name }}.load_lock (locked_at)
select {{ current_time_utc() }}
where not exists (select 1 from {{ schema_name }}.load_lock);
{{ client_access_ddl(schema_name) }}
{% endmacro %}

{# Whether Fail-safe keeps a `table` of loader_tables(). Raw rows can be landed again from the originals in the stage, so on Snowflake
   they are transient; what people decided, and the log, is permanent: create {{ table_kind('raw_data_staging') }}table #}
{% macro table_kind(table) %}{{ adapter.dispatch('table_kind', 'spark9')(table) }}{% endmacro %}
{% macro duckdb__table_kind(table) %}{% endmacro %}
{% macro snowflake__table_kind(table) %}{{ 'transient ' if table == 'raw_data_staging' }}{% endmacro %}

{# What follows the definition of a `table` of loader_tables(): how long Time Travel reaches back, by the dbt var time_travel_days. #}
{% macro table_options(table) %}{{ adapter.dispatch('table_options', 'spark9')(table) }}{% endmacro %}
{% macro duckdb__table_options(table) %}{% endmacro %}
{% macro snowflake__table_options(table) %} data_retention_time_in_days = {{ time_travel_days(table) }}{% endmacro %}

{# What follows a `column` of a `table` of loader_tables(). On DuckDB, raw rows are packed by ZSTD: half the time to write and two
   fifths of the room of what DuckDB would choose (docs/decisions/0001); Snowflake packs by itself. #}
{% macro column_options(table, column) %}{{ adapter.dispatch('column_options', 'spark9')(table, column) }}{% endmacro %}
{% macro duckdb__column_options(table, column) %}{{ " using compression zstd" if [table, column] == ['raw_data_staging', 'raw_data'] }}{% endmacro %}
{% macro snowflake__column_options(table, column) %}{% endmacro %}

{# A select of the schemas (schema_name, lower case) that have a `table` of this name, asked of the warehouse's catalogue once. #}
{% macro tables_found(table) %}
select schema_name from ({{ tables_among([table]) }}) as found
{% endmacro %}

{# A select of the schemas (schema_name, lower case) that have one of these `tables` (list of strings), with table_name. #}
{% macro tables_among(tables) %}
  {%- set names = [] -%}
  {%- for table in tables -%}{%- do names.append(text_literal(table)) -%}{%- endfor -%}
  {{ adapter.dispatch('tables_among', 'spark9')(names | join(', ')) }}
{% endmacro %}
{% macro duckdb__tables_among(names) %}
select lower(schema_name) as schema_name, table_name
from duckdb_tables()
where
    database_name = current_database()
    and table_name in ({{ names }})
{% endmacro %}
{% macro snowflake__tables_among(names) %}
select lower(table_schema) as schema_name, lower(table_name) as table_name
from information_schema.tables
where table_name in ({{ names | upper }})
{% endmacro %}

{# The type `data_type` as one word that is the same for a declared type and for that of the catalogue: 'decimal' for decimal(18, 6). `scale` is that of
   the catalogue, which tells whole numbers apart on Snowflake, or null. #}
{% macro plain_type(data_type, scale) %}{{ adapter.dispatch('plain_type', 'spark9')(data_type, scale) }}{% endmacro %}
{% macro duckdb__plain_type(data_type, scale) -%}
replace(split_part(lower({{ data_type }}), '(', 1), 'datetime', 'timestamp')
{%- endmacro %}
{% macro snowflake__plain_type(data_type, scale) -%}
case lower({{ data_type }})
    when 'text' then 'varchar'
    when 'datetime' then 'timestamp'
    when 'timestamp_ntz' then 'timestamp'
    when 'bigint' then 'whole'
    when 'integer' then 'whole'
    when 'number' then case when {{ scale }} > 0 then 'decimal' else 'whole' end
    else lower({{ data_type }})
end
{%- endmacro %}
