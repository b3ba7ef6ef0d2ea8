{# Run statements that make tasks, and let the tasks run again if any of them did: a task that is replaced is suspended, and no task can be
   replaced while the root of its graph runs.
   Arguments: statements (text, each ended by a semicolon), tasks (list of names in the schema native, those that come after others first),
     execute_it (bool): false prints the statements only.
   Returns: nothing; logs whether the tasks run.
   Example: {% do deploy_tasks(native_ddl(), native_tasks(), true) %} #}
{% macro deploy_tasks(statements, tasks, execute_it) %}
  {%- if not execute_it -%}
    {%- do run_statements(statements, true) -%}
  {%- else -%}
    {%- do run_query('use role ' ~ functional_role('admin')) -%}
    {%- set started = [] -%}
    {%- for row in run_query('show tasks in database ' ~ target.database).rows if row['schema_name'] | lower == 'native' and row['state'] == 'started' -%}
      {%- do started.append(row['name'] | lower) -%}
    {%- endfor -%}
    {%- set running = tasks | select('in', started) | list -%}
    {%- do run_statements(with_admin_role(task_statements(running | reverse, 'suspend')) ~ statements) -%}
    {%- if running -%}{%- do run_statements(with_admin_role(task_statements(tasks, 'resume'))) -%}{%- endif -%}
    {%- do log(tasks | length ~ ' tasks are ' ~ ('deployed and run again' if running else 'deployed and suspended'), info=true) -%}
  {%- endif -%}
{% endmacro %}
