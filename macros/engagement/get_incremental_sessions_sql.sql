{#
  Purpose: dbt's hook for the incremental strategy 'sessions': the sessions that events may have changed go, and those that were cut
    anew come in their place, in one transaction. A key would not do: a session that a late event joins with another has a new one.
  Arguments: arg_dict (mapping that dbt gives: target_relation, temp_relation, dest_columns, ...).
  Returns: statements (text).
  Example: {{ config(materialized='incremental', incremental_strategy='sessions') }}
#}
{% macro get_incremental_sessions_sql(arg_dict) %}
  {%- set target = arg_dict.target_relation -%}
  {%- set columns = arg_dict.dest_columns | map(attribute='quoted') | join(', ') -%}
  {%- set statements -%}
    delete from {{ target }}
    where session_id in (select session_id from ({{ sessions_to_replace(target, ref('fact_click_events'), ref('click_event_changes')) }}) as affected);

    insert into {{ target }} ({{ columns }})
    select {{ columns }} from {{ arg_dict.temp_relation }};
  {%- endset -%}
  {% do return(in_transaction(statements)) %}
{% endmacro %}
