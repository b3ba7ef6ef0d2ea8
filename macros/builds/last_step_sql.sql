{# When the last step was that marts must show: one that changed rows, or that failed, but for those that builds note. Where a client's log and
   the mart processing_steps differ, the marts do not show what there is.
   Returns: an aggregate (text) over the columns of processing_log: a timestamp, or null.
   Example: select client_schema, {{ last_step_sql() }} from marts.processing_steps group by client_schema #}
{% macro last_step_sql() -%}
max(case
  when status = 'SUCCESS' and processing_stage not in ({{ steps_beside_rows() }}) then processing_timestamp
  when status <> 'SUCCESS' and processing_stage not in ('TEST', 'BUILD', 'QUALITY', 'ALERT', 'PROCESS') then processing_timestamp
end)
{%- endmacro %}
