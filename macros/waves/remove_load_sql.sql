{# The statements that take one load out of a client's tables; the log and the original in the stage stay. The wave's other loads are
   processed again, and rows that it had superseded count again.
   Arguments: schema_name (string, with the target's prefix), load_id (string), wave_number (integer), built_tables (list: which of
     processed_campaign_data and wave_quality exist yet), restatement, overlap (the client's policies).
   Returns: statements (text), each ended by a semicolon.
   Example: {{ remove_load_sql('client_acme_meta_2024', '9f2c1ab03c4d5e6f', 2, ['processed_campaign_data'], 'supersede', 'finest') }} #}
{% macro remove_load_sql(schema_name, load_id, wave_number, built_tables, restatement, overlap) %}
delete from {{ schema_name }}.raw_data_staging where load_id = {{ text_literal(load_id) }};

delete from {{ schema_name }}.wave_schema_mapping where load_id = {{ text_literal(load_id) }};

delete from {{ schema_name }}.open_questions where load_id = {{ text_literal(load_id) }};
{% if 'processed_campaign_data' in built_tables %}
{{ supersede_rows_sql(schema_name ~ '.processed_campaign_data', restatement, overlap, 'select ' ~ text_literal(load_id) ~ ' as load_id', load_id) }}

delete from {{ schema_name }}.processed_campaign_data where load_id = {{ text_literal(load_id) }};
{% endif %}
{%- if 'wave_quality' in built_tables %}
delete from {{ schema_name }}.wave_quality where wave_number = {{ wave_number | int }};
{% endif %}
update {{ schema_name }}.raw_data_staging
set processed_flag = false, schema_version = schema_version + 1
where wave_number = {{ wave_number | int }};
{% endmacro %}
