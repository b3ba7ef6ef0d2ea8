{# Let the tasks of deploy_native() run from now on.
   Arguments: dry_run (bool): print the statements only.
   Returns: nothing.
   Example: dbt run-operation resume_native --target prod #}
{% macro resume_native(dry_run=false) %}
  {%- do run_statements(with_admin_role(task_statements(native_schema(), native_tasks(), 'resume')), dry_run) -%}
{% endmacro %}
