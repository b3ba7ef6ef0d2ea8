{# Let the tasks of deploy_customer_360_native() run from now on.
   Arguments: dry_run (bool): print the statements only.
   Returns: nothing.
   Example: dbt run-operation resume_customer_360_native --target prod #}
{% macro resume_customer_360_native(dry_run=false) %}
  {%- set statements = [] -%}
  {%- for task in customer_360_tasks() -%}
    {%- do statements.append('alter task if exists ' ~ native_schema() ~ '.' ~ task ~ ' resume;') -%}
  {%- endfor -%}
  {%- do run_statements(with_admin_role(statements | join('\n')), dry_run) -%}
{% endmacro %}
