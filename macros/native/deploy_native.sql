{# Let Snowflake itself run the project: two stored procedures, a stream on each client's raw rows, a task that notes new rows and one
   behind it that runs the dbt project, a table of builds that somebody asks for, and a view of what ran. The tasks are suspended until
   resume_native(). Run it again after clients were added or archived; tasks that ran then run again.
   Arguments: execute_it (bool): false, the default, prints the statements only. source (string or none): where the project's files lie in
     Snowflake (a Git repository stage or an internal one), to make the dbt project object from; without it the object is made by `snow dbt
     deploy` (docs/snowflake.md).
   Returns: nothing.
   Example: dbt run-operation deploy_native --target prod --args '{execute_it: true}' #}
{% macro deploy_native(execute_it=false, source=none) %}
  {%- do deploy_tasks(native_ddl(source), native_schema(), native_tasks(), execute_it) -%}
{% endmacro %}
