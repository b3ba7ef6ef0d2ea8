{# The statements that make a client's schema and the tables which the loader writes, with all that the warehouse wants besides: stage, file
   format, lock, roles and grants on Snowflake, nothing more on DuckDB.
   Arguments: schema_name (string, from client_schema_name(), with the target's prefix).
   Returns: statements (text), each ended by a semicolon; running them again changes nothing.
   Example: {% do run_statements(client_schema_ddl('client_acme_meta_2024')) %} #}
{% macro client_schema_ddl(schema_name) %}
{{ create_schema_ddl(schema_name) }}
{% for table, columns in loader_tables().items() %}
create {{ table_kind(table) }}table if not exists {{ schema_name }}.{{ table }} (
    {%- for name, type, required in columns %}
    {{ name }} {{ type }}{{ column_options(table, name) }}{{ " not null" if required }}{{ "," if not loop.last }}
    {%- endfor %}
){{ table_options(table) }};
{% endfor %}
{%- for table, column in columns_added_later() %}
{%- for name, type, required in loader_tables()[table] if name == column %}
alter table {{ schema_name }}.{{ table }} add column if not exists {{ name }} {{ type }};
{% endfor %}
{%- endfor %}
{#- 0.1.0 had other words in the log -#}
update {{ schema_name }}.processing_log set
    processing_stage = case processing_stage when 'load' then 'UPLOAD' when 'prove' then 'TEST' else upper(processing_stage) end,
    status = case status when 'completed' then 'SUCCESS' else 'ERROR' end
where status in ('completed', 'failed');
{{ client_objects_ddl(schema_name) }}
{% endmacro %}
