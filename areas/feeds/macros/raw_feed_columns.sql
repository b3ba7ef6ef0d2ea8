{# The columns of a feed's raw table: each declared field as the text that stood in the file, every other field of the row in one JSON
   column, and where the row came from.
   Arguments: feed (mapping as the loader's Feed.for_macros() gives it: table, format, key, fields).
   Returns: list of [column, SQL type, required (bool)].
   Example: {% for name, type, required in raw_feed_columns(feed) %}{{ name }}{% endfor %} #}
{% macro raw_feed_columns(feed) %}
  {%- set columns = [] -%}
  {%- for field in feed.fields -%}{%- do columns.append([field.name, 'varchar', false]) -%}{%- endfor -%}
  {%- do columns.extend([
    ['other_fields', type_json() | trim, false],
    ['file_name', 'varchar', true],
    ['line_number', 'bigint', true],
    ['ingestion_id', 'bigint', true],
    ['ingested_at', type_timestamp() | trim, true],
  ]) -%}
  {% do return(columns) %}
{% endmacro %}
