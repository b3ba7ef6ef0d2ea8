{# dbt's hook for the incremental strategy 'cut_days': the days whose sessions may have changed are deleted, and the new counts are inserted
   their place, in one transaction. A key would not do: a day may have lost its last session.
   Arguments: arg_dict (mapping that dbt gives: target_relation, temp_relation, dest_columns, ...).
   Returns: statements (text).
   Example: {{ config(materialized='incremental', incremental_strategy='cut_days') }} #}
{% macro get_incremental_cut_days_sql(arg_dict) %}
  {%- set facts, changes = ref('fact_click_events'), ref('click_event_changes') -%}
  {% do return(replace_rows_sql(arg_dict, is_of_cut_day('session_date', ref('fact_sessions'), facts, changes, arg_dict.target_relation))) %}
{% endmacro %}
