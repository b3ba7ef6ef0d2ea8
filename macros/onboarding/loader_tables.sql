{# The tables that the loader writes for each client, with their columns in table order. The only list of them: client_schema_ddl() makes
   them from it, and the loader takes the types of what it sends from it. docs/data_contract.md describes each column.
   Returns: mapping table -> list of [column, SQL type, required (bool)].
   Example: {% for name, type, required in loader_tables()['naming_keys'] %}{{ name }}{% endfor %} #}
{% macro loader_tables() %}
  {%- set json = type_json() | trim -%}
  {%- set timestamp = type_timestamp() | trim -%}
  {% do return({
    'raw_data_staging': [
      ['load_id', 'varchar', true],
      ['row_number', 'bigint', true],
      ['wave_number', 'integer', true],
      ['wave_name', 'varchar', false],
      ['upload_timestamp', timestamp, true],
      ['file_name', 'varchar', true],
      ['raw_data', json, true],
      ['row_kind', 'varchar', true],
      ['row_reason', 'varchar', false],
      ['processed_flag', 'boolean', true],
      ['schema_version', 'integer', true],
    ],
    'wave_schema_mapping': [
      ['load_id', 'varchar', true],
      ['wave_number', 'integer', true],
      ['ordinal', 'integer', false],
      ['column_name', 'varchar', true],
      ['column_type', 'varchar', true],
      ['value_format', 'varchar', false],
      ['is_required', 'boolean', true],
      ['default_value', 'varchar', false],
      ['mapping_rule', 'varchar', true],
      ['target_column', 'varchar', true],
      ['is_key', 'boolean', true],
      ['in_grain', 'boolean', true],
      ['filled_cells', 'bigint', false],
      ['control_sum', 'decimal(38, 8)', false],
      ['reason', 'varchar', false],
      ['decided_by', 'varchar', true],
      ['updated_timestamp', timestamp, true],
    ],
    'column_rules': [
      ['column_name', 'varchar', true],
      ['from_wave', 'integer', true],
      ['mapping_rule', 'varchar', true],
      ['target_column', 'varchar', true],
      ['column_type', 'varchar', false],
      ['value_format', 'varchar', false],
      ['is_required', 'boolean', true],
      ['default_value', 'varchar', false],
      ['updated_timestamp', timestamp, true],
    ],
    'processing_log': [
      ['processing_timestamp', timestamp, true],
      ['processing_stage', 'varchar', true],
      ['status', 'varchar', true],
      ['wave_number', 'integer', false],
      ['load_id', 'varchar', false],
      ['file_name', 'varchar', false],
      ['file_hash', 'varchar', false],
      ['row_count', 'bigint', false],
      ['column_count', 'integer', false],
      ['column_names', json, false],
      ['error_code', 'varchar', false],
      ['error_message', 'varchar', false],
      ['duration_seconds', 'double', false],
      ['details', json, false],
      ['done_by', 'varchar', false],
    ],
    'naming_keys': [
      ['ad_set_name', 'varchar', true],
      ['attributes', json, true],
      ['load_id', 'varchar', true],
      ['file_name', 'varchar', true],
      ['row_number', 'bigint', true],
      ['upload_timestamp', timestamp, true],
    ],
  }) %}
{% endmacro %}
