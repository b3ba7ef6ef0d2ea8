{# The tables that every area of feeds has beside its raw tables, with their columns in table order. The only list of them:
   feed_schema_ddl() makes them from it, and the loader takes the types of what it sends from it. areas/engagement/docs/engagement.md describes each.
   Returns: mapping table -> list of [column, SQL type, required (bool)].
   Example: {% for name, type, required in feed_tables()['ingested_files'] %}{{ name }}{% endfor %} #}
{% macro feed_tables() %}
  {%- set json = type_json() | trim -%}
  {%- set timestamp = type_timestamp() | trim -%}
  {% do return({
    'ingested_files': [
      ['feed', 'varchar', true],
      ['file_name', 'varchar', true],
      ['etag', 'varchar', true],
      ['size_bytes', 'bigint', true],
      ['ingestion_id', 'bigint', true],
      ['run_id', 'varchar', true],
      ['rows_read', 'bigint', true],
      ['rows_loaded', 'bigint', true],
      ['rows_rejected', 'bigint', true],
      ['ingested_at', timestamp, true],
      ['replaced_by', 'bigint', false],
    ],
    'rejected_rows': [
      ['feed', 'varchar', true],
      ['file_name', 'varchar', true],
      ['line_number', 'bigint', true],
      ['row_text', 'varchar', false],
      ['reason', 'varchar', true],
      ['ingestion_id', 'bigint', true],
      ['ingested_at', timestamp, true],
    ],
    'replaced_rows': [
      ['feed', 'varchar', true],
      ['row_key', 'varchar', false],
      ['row_data', json, true],
      ['file_name', 'varchar', true],
      ['line_number', 'bigint', true],
      ['ingestion_id', 'bigint', true],
      ['replaced_by', 'bigint', true],
    ],
    'ingestion_logs': [
      ['log_timestamp', timestamp, true],
      ['run_id', 'varchar', true],
      ['step', 'varchar', true],
      ['feed', 'varchar', false],
      ['status', 'varchar', true],
      ['files', 'bigint', false],
      ['records_loaded', 'bigint', false],
      ['records_rejected', 'bigint', false],
      ['duration_seconds', 'double', false],
      ['error_code', 'varchar', false],
      ['error_message', 'varchar', false],
      ['done_by', 'varchar', false],
    ],
    'dq_check_logs': [
      ['check_timestamp', timestamp, true],
      ['run_id', 'varchar', true],
      ['check_name', 'varchar', true],
      ['table_name', 'varchar', false],
      ['status', 'varchar', true],
      ['severity', 'varchar', true],
      ['failures', 'bigint', false],
      ['message', 'varchar', false],
    ],
    'open_alerts': [
      ['alert_key', 'varchar', true],
      ['severity', 'varchar', true],
      ['opened_at', timestamp, true],
      ['message', 'varchar', true],
    ],
  }) %}
{% endmacro %}
