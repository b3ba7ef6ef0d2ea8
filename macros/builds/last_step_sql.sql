{# When the last step was that marts show: of those that follow marts in a build, tests and alerts, none. Where a client's log and the mart
   processing_steps differ, the marts do not show what there is.
   Returns: an aggregate (text) over the columns of processing_log: a timestamp, or null.
   Example: select client_schema, {{ last_step_sql() }} from marts.processing_steps group by client_schema #}
{% macro last_step_sql() -%}
max(case
  when processing_stage not in ('TEST', 'BUILD', 'QUALITY', 'ALERT') and (status = 'SUCCESS' or processing_stage <> 'PROCESS')
    then processing_timestamp
end)
{%- endmacro %}
