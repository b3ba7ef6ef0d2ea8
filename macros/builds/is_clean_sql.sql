{# Whether nothing was done since the last build that passed without a warning.
   Arguments: fingerprint (string, from build_fingerprint()): of that build.
   Returns: an aggregate (text) over the successful steps of processing_log: 1 or 0.
   Example: select {{ is_clean_sql(build_fingerprint(schema)) }} from {{ log }} where status = 'SUCCESS' #}
{% macro is_clean_sql(fingerprint) -%}
case
    when max(case when processing_stage = 'BUILD' and cast(details as varchar) like '%{{ fingerprint }}%' then processing_timestamp end)
      > max(case when processing_stage not in ('PROCESS', {{ steps_beside_rows() }}) then processing_timestamp end)
      then 1
    else 0
  end
{%- endmacro %}
