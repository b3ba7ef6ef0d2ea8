{# Print the runs of the tasks of customer 360 in the last seven days, the latest first.
   Arguments: dry_run (bool): print the statement only.
   Returns: nothing.
   Example: dbt run-operation customer_360_task_runs --target prod #}
{% macro customer_360_task_runs(dry_run=false) %}
  {%- set asked -%}
select name, state, scheduled_time, completed_time, error_message
from table({{ target.database }}.information_schema.task_history(scheduled_time_range_start => dateadd('day', -7, current_timestamp()), result_limit => 1000))
where lower(name) in ({% for task in customer_360_tasks() %}{{ text_literal(task) }}{{ ", " if not loop.last }}{% endfor %})
order by scheduled_time desc
  {%- endset -%}
  {%- if dry_run -%}
    {%- do print(asked) -%}
  {%- else -%}
    {%- for run in run_query(asked).rows -%}{%- do print(run.values() | reject('none') | join('  ')) -%}{%- endfor -%}
  {%- endif -%}
{% endmacro %}
