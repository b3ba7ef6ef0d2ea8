{# dbt's hook for the incremental strategy 'sessions': the sessions that events may have changed are deleted, and the new ones are inserted
   their place, in one transaction. A key would not do: a session that a late event joins with another has a new one.
   Arguments: arg_dict (mapping that dbt gives: target_relation, temp_relation, dest_columns, ...).
   Returns: statements (text).
   Example: {{ config(materialized='incremental', incremental_strategy='sessions') }} #}
{% macro get_incremental_sessions_sql(arg_dict) %}
  {%- set affected = sessions_to_replace(arg_dict.target_relation, ref('fact_click_events'), ref('click_event_changes')) -%}
  {% do return(replace_rows_sql(arg_dict, 'session_id in (select session_id from (' ~ affected ~ ') as affected)')) %}
{% endmacro %}
