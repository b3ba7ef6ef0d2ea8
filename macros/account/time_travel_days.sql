{# How many days Time Travel reaches back: one for what can be made again (schemas' default, raw rows), by the edition for what people
   decided and for the log (dbt vars snowflake.edition and snowflake.time_travel_days).
   Arguments: kind (string: a key of loader_tables(), or 'schema').
   Returns: a whole number.
   Example: data_retention_time_in_days = {{ time_travel_days('processing_log') }} #}
{% macro time_travel_days(kind) %}
  {%- set settings = var('snowflake') -%}
  {%- if kind in ('schema', 'raw_data_staging') -%}{% do return(1) %}{%- endif -%}
  {% do return(settings.time_travel_days[settings.edition]) %}
{% endmacro %}
