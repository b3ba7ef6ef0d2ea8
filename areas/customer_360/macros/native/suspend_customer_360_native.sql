{# Stop the tasks of deploy_customer_360_native(), the roots first; what runs ends by itself.
   Arguments: dry_run (bool): print the statements only.
   Returns: nothing.
   Example: dbt run-operation suspend_customer_360_native --target prod #}
{% macro suspend_customer_360_native(dry_run=false) %}
  {%- do run_statements(with_admin_role(task_statements(bronze_schema(), customer_360_tasks() | reverse, 'suspend')), dry_run) -%}
{% endmacro %}
