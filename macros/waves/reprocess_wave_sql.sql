{# The statements that put a wave's rows back to 'not processed', under a new schema_version.
   Arguments: schema_name (string, with the target's prefix), wave_number (integer, or none for all waves), who (an expression for who is
     named in the log; actor() without it).
   Returns: statements (text), each ended by a semicolon.
   Example: {% do run_statements(reprocess_wave_sql('client_acme_meta_2024', 3)) %} #}
{% macro reprocess_wave_sql(schema_name, wave_number, who=none) %}
insert into {{ schema_name }}.processing_log (
    processing_timestamp, processing_stage, status, wave_number, row_count, done_by
)
select {{ current_time_utc() }}, 'REPROCESS', 'SUCCESS', wave_number, count(*), {{ who or actor() }}
from {{ schema_name }}.raw_data_staging
{% if wave_number is not none %}where wave_number = {{ wave_number | int }}{% endif %}
group by wave_number;

update {{ schema_name }}.raw_data_staging
set processed_flag = false, schema_version = schema_version + 1
{% if wave_number is not none %}where wave_number = {{ wave_number | int }}{% endif %};
{% endmacro %}
