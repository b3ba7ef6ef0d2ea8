{# What the schema of an area's raw rows has besides tables: on Snowflake an external stage and a landing table for each feed, the file
   formats, the lock that lets one ingestion at a time write, and the area's access (feed_access_ddl).
   Arguments: schema_name (string), feeds (list of mappings: see raw_feed_columns; and folder, the location before its first wildcard, empty
     for a feed that nothing is read for yet).
   Returns: statements (text), each ended by a semicolon, or nothing.
   Example: {{ feed_objects_ddl('engagement_raw', feeds) }} #}
{% macro feed_objects_ddl(schema_name, feeds) %}{{ adapter.dispatch('feed_objects_ddl', 'spark9')(schema_name, feeds) }}{% endmacro %}

{% macro duckdb__feed_objects_ddl(schema_name, feeds) %}{% endmacro %}

{% macro snowflake__feed_objects_ddl(schema_name, feeds) %}
create file format if not exists {{ schema_name }}.feed_lines type = csv field_delimiter = none record_delimiter = '\n' escape_unenclosed_field = none field_optionally_enclosed_by = none replace_invalid_characters = true empty_field_as_null = true;

create file format if not exists {{ schema_name }}.feed_array type = json strip_outer_array = true replace_invalid_characters = true;

create file format if not exists {{ schema_name }}.feed_csv type = csv field_delimiter = ',' field_optionally_enclosed_by = '"' escape_unenclosed_field = none skip_blank_lines = true replace_invalid_characters = true empty_field_as_null = true null_if = () error_on_column_count_mismatch = false;
{% for feed in feeds if feed.folder %}
{%- if not feed.folder.startswith('s3://') %}
  {%- do exceptions.raise_compiler_error("the feed " ~ feed.name ~ " is in the folder '" ~ feed.folder ~ "', which Snowflake can't read; put its files in S3, and its location in SPARK9_ENGAGEMENT_LOCATION or the source's YAML") %}
{%- endif %}
create stage if not exists {{ schema_name }}.{{ feed.table }}_stage url = {{ text_literal(feed.folder) }} storage_integration = {{ var('snowflake').feeds_integration }};

create transient table if not exists {{ schema_name }}.landed_{{ feed.table }} (file_name varchar not null, line_number bigint not null, content {{ 'variant' if feed.format == 'csv' else 'varchar' }});
{% endfor %}
create table if not exists {{ schema_name }}.load_lock (locked_at {{ type_timestamp() }});

insert into {{ schema_name }}.load_lock (locked_at)
select {{ current_time_utc() }}
where not exists (select 1 from {{ schema_name }}.load_lock);
{{ feed_access_ddl(feeds[0].name.split('.')[0], feeds) }}
{% endmacro %}
