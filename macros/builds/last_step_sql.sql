{# When the rows of a client were last changed, as its log and the mart processing_steps have it. Where the two differ, the marts do not
   show what the client's tables hold.
   Returns: an aggregate (text) over the columns of processing_log: a timestamp, or null.
   Example: select client_schema, {{ last_step_sql() }} from marts.processing_steps group by client_schema #}
{% macro last_step_sql() -%}
max(case when status = 'SUCCESS' and processing_stage not in ({{ steps_beside_rows() }}) then processing_timestamp end)
{%- endmacro %}
