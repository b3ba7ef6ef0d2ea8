{# The statements that make the schema of an area's raw rows: the raw table of each feed, the ledger of files, rejected and replaced rows,
   the logs; and what the warehouse wants besides (feed_objects_ddl).
   Arguments: schema_name (string, with the target's prefix), feeds (list of mappings as Feed.for_macros() gives them).
   Returns: statements (text), each ended by a semicolon; running them again changes nothing.
   Example: {{ feed_schema_ddl('engagement_raw', feeds) }} #}
{% macro feed_schema_ddl(schema_name, feeds) %}
{{ create_schema_ddl(schema_name) }}
{% set tables = {} -%}
{%- do tables.update(feed_tables()) -%}
{%- for feed in feeds -%}{%- do tables.update({feed.table: raw_feed_columns(feed)}) -%}{%- endfor -%}
{% for table, columns in tables.items() %}
create table if not exists {{ schema_name }}.{{ table }} (
    {%- for name, type, required in columns %}
    {{ name }} {{ type }}{{ " not null" if required }}{{ "," if not loop.last }}
    {%- endfor %}
);
{% endfor %}
{%- for feed in feeds %}
{%- for name, type, required in raw_feed_columns(feed) if not required %}
alter table {{ schema_name }}.{{ feed.table }} add column if not exists {{ name }} {{ type }};
{%- endfor %}
{%- endfor %}
{{ feed_objects_ddl(schema_name, feeds) }}
{% endmacro %}
