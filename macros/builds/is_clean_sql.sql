{# Whether the last build passed without a warning, with the code and settings of now, and nothing was done or failed since.
   Arguments: fingerprint (string, from build_fingerprint()).
   Returns: an aggregate (text) over processing_log: 1 or 0.
   Example: select {{ is_clean_sql(build_fingerprint(schema)) }} from {{ log }} #}
{% macro is_clean_sql(fingerprint) -%}
{%- set steps = "case when processing_stage = 'BUILD' and {} then processing_timestamp end" -%}
case
    when max({{ steps.format("cast(details as varchar) like '%" ~ fingerprint ~ "%'") }}) = max({{ steps.format('true') }})
      and max({{ steps.format('true') }}) > max(case
        when status = 'SUCCESS' and processing_stage not in ('PROCESS', {{ steps_beside_rows() }}) then processing_timestamp
        when status = 'ERROR' and processing_stage in ('PROCESS', 'QUALITY') then processing_timestamp
      end)
      then 1
    else 0
  end
{%- endmacro %}
