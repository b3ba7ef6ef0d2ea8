{# Ask what has happened to a client since its last build; dbt asks it in builds, and `spark9 build` before it runs dbt.
   Arguments: staging, log (relations of one client), fingerprint (string, from build_fingerprint()).
   Returns: a select statement (text) of one row: as_of (text: when this was asked), waiting (1 where rows wait to be processed), is_clean
     (1 where nothing was done since the last build that passed without a warning and had this fingerprint), last_step (timestamp of the
     last step of those that marts show the outcome of, from last_step_sql()).
   Example: {{ build_state_sql(source(schema, 'raw_data_staging'), source(schema, 'processing_log'), build_fingerprint(schema)) }} #}
{% macro build_state_sql(staging, log, fingerprint) %}
select
  cast({{ current_time_utc() }} as varchar) as as_of,
  (select count(*) from (select 1 from {{ staging }} where not processed_flag limit 1) as rows_that_wait) as waiting,
  case
    when max(case when processing_stage = 'BUILD' and cast(details as varchar) like '%{{ fingerprint }}%' then processing_timestamp end)
      > max(case when processing_stage not in ('PROCESS', {{ steps_beside_rows() }}) then processing_timestamp end)
      then 1
    else 0
  end as is_clean,
  {{ last_step_sql() }} as last_step
from {{ log }}
where status = 'SUCCESS'
{% endmacro %}
