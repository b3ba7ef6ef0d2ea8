{#
  Purpose: dbt's hook for the incremental strategy 'cut_days': the days whose sessions may have been cut anew go, and what was counted
    anew comes in their place, in one transaction. A key would not do: a day may have lost its last session.
  Arguments: arg_dict (mapping that dbt gives: target_relation, temp_relation, dest_columns, ...).
  Returns: statements (text).
  Example: {{ config(materialized='incremental', incremental_strategy='cut_days') }}
#}
{% macro get_incremental_cut_days_sql(arg_dict) %}
  {%- set target = arg_dict.target_relation -%}
  {%- set columns = arg_dict.dest_columns | map(attribute='quoted') | join(', ') -%}
  {%- set statements -%}
    delete from {{ target }}
    where {{ is_of_cut_day('session_date', ref('fact_sessions'), ref('fact_click_events'), ref('click_event_changes'), target) }};

    insert into {{ target }} ({{ columns }})
    select {{ columns }} from {{ arg_dict.temp_relation }};
  {%- endset -%}
  {% do return(in_transaction(statements)) %}
{% endmacro %}
