{# Run statements that make tasks, and let the tasks run again if any of them did: a task that is replaced is suspended, and no task can be
   replaced while the root of its graph runs.
   Arguments: statements (text, each ended by a semicolon), schema_name (string, with the database's name), tasks (list of names in it, those
     that come after others first), execute_it (bool): false prints the statements only.
   Returns: nothing; logs whether the tasks run.
   Example: {% do deploy_tasks(native_ddl(), native_schema(), native_tasks(), true) %} #}
{% macro deploy_tasks(statements, schema_name, tasks, execute_it) %}
  {%- if not execute_it -%}
    {%- do run_statements(statements, true) -%}
  {%- else -%}
    {%- do run_query('use role ' ~ functional_role('admin')) -%}
    {%- set started = [] -%}
    {%- for row in run_query('show tasks in database ' ~ target.database).rows if target.database ~ '.' ~ row['schema_name'] | lower == schema_name and row['state'] == 'started' -%}
      {%- do started.append(row['name'] | lower) -%}
    {%- endfor -%}
    {%- set running = tasks | select('in', started) | list -%}
    {%- do run_statements(with_admin_role(task_statements(schema_name, running | reverse, 'suspend')) ~ statements) -%}
    {%- if running -%}{%- do run_statements(with_admin_role(task_statements(schema_name, tasks, 'resume'))) -%}{%- endif -%}
    {%- do log(tasks | length ~ ' tasks are ' ~ ('deployed and run again' if running else 'deployed and suspended'), info=true) -%}
  {%- endif -%}
{% endmacro %}
