{# Let the tasks of deploy_customer_360_native() run from now on.
   Arguments: dry_run (bool): print the statements only.
   Returns: nothing.
   Example: dbt run-operation resume_customer_360_native --target prod #}
{% macro resume_customer_360_native(dry_run=false) %}
  {%- do run_statements(with_admin_role(task_statements(bronze_schema(), customer_360_tasks(), 'resume')), dry_run) -%}
{% endmacro %}
