{# Ask what has happened to a client since its last build; `spark9 build` asks it before it runs dbt.
   Arguments: staging, processed, mapping, log (relations, or names, of one client), fingerprint (string, from build_fingerprint()).
   Returns: a select statement (text) of one row: waiting (loads that are pending, or whose flag was reset, and defaults written by hand),
     is_clean (is_clean_sql()), last_step (text: when the last step was of those that marts show the outcome of, from last_step_sql()).
   Example: {{ build_state_sql('raw_data_staging', 'processed_campaign_data', 'wave_schema_mapping', 'processing_log', '5f0c') }} #}
{% macro build_state_sql(staging, processed, mapping, log, fingerprint) %}
select
  (select count(*) from ({{ pending_loads_sql(staging, processed) }}) as loads)
  + (select count(*) from (select 1 from {{ staging }} where not processed_flag and row_kind = 'data' limit 1) as reset_rows)
  + (select count(*) from {{ mapping }} where mapping_rule = 'use_default_value') as waiting,
  {{ is_clean_sql(fingerprint) }} as is_clean,
  {{ timestamp_text(last_step_sql()) }} as last_step
from {{ log }}
{% endmacro %}
