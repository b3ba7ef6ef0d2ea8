{# Stop the tasks of deploy_native(); what runs ends by itself.
   Arguments: dry_run (bool): print the statements only.
   Returns: nothing.
   Example: dbt run-operation suspend_native --target prod #}
{% macro suspend_native(dry_run=false) %}
  {%- set statements = [] -%}
  {%- for task in ['note_new_rows', 'build_new_rows'] -%}
    {%- do statements.append('alter task if exists ' ~ native_schema() ~ '.' ~ task ~ ' suspend;') -%}
  {%- endfor -%}
  {%- do run_statements(with_admin_role(statements | join('\n')), dry_run) -%}
{% endmacro %}
