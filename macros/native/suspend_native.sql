{# Stop the tasks of deploy_native(); what runs ends by itself.
   Arguments: dry_run (bool): print the statements only.
   Returns: nothing.
   Example: dbt run-operation suspend_native --target prod #}
{% macro suspend_native(dry_run=false) %}
  {%- do run_statements(with_admin_role(task_statements(native_schema(), native_tasks() | reverse, 'suspend')), dry_run) -%}
{% endmacro %}
