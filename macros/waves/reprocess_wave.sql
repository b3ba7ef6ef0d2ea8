{# Have the next build flatten a wave again; `spark9 reprocess` runs the same statement.
   Arguments: client, platform, year (see client_schema_name()); wave (positive integer).
   Returns: nothing; raises an error when the wave is not loaded.
   Example: dbt run-operation reprocess_wave --args '{client: acme, platform: meta, year: 2024, wave: 3}' #}
{% macro reprocess_wave(client, platform, year, wave) %}
  {%- set schema_name = raw_schema(client_schema_name(client, platform, year)) | trim -%}
  {%- set wave_number = wave | int -%}
  {%- set rows = run_query("select count(*) from " ~ schema_name ~ ".raw_data_staging where wave_number = " ~ wave_number).rows[0][0] -%}
  {%- if rows == 0 -%}
    {%- do exceptions.raise_compiler_error("reprocess_wave: wave " ~ wave ~ " of " ~ schema_name ~ " is not loaded; nothing was changed") -%}
  {%- endif -%}
  {%- do run_statements(in_client_transaction(reprocess_wave_sql(schema_name, wave_number), schema_name)) -%}
  {%- do log("wave " ~ wave_number ~ " of " ~ schema_name ~ ": " ~ rows ~ " rows will be reprocessed by the next build", info=true) -%}
{% endmacro %}
