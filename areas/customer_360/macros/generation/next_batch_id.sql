{# The number of the next batch.
   Arguments: schema_name (string: bronze).
   Returns: a scalar subquery (text).
   Example: {{ next_batch_id('bronze') }} #}
{% macro next_batch_id(schema_name) -%}
(select coalesce(max(batch_id), 0) + 1 from {{ schema_name }}.generation_telemetry)
{%- endmacro %}
