{# Take away all that deploy_customer_360_native() made. The area's tables stay.
   Arguments: confirm (bool): must be true; dry_run (bool): print the statements only.
   Returns: nothing.
   Example: dbt run-operation drop_customer_360_native --target prod --args '{confirm: true}' #}
{% macro drop_customer_360_native(confirm=false, dry_run=false) %}
  {%- if not confirm and not dry_run -%}
    {%- do exceptions.raise_compiler_error("drop_customer_360_native: nothing was dropped; add `confirm: true` to drop the tasks, procedures and the stream of customer 360") -%}
  {%- endif -%}
  {%- set bronze = bronze_schema() -%}
  {%- set statements = [] -%}
  {%- for task in customer_360_tasks() | reverse -%}
    {%- do statements.append('drop task if exists ' ~ bronze ~ '.' ~ task ~ ';') -%}
  {%- endfor -%}
  {%- do statements.extend([
    'drop stream if exists ' ~ bronze ~ '.bronze_transactions_stream;',
    'drop procedure if exists ' ~ bronze ~ '.generate_customers(number, number);',
    'drop procedure if exists ' ~ bronze ~ '.generate_transactions();',
  ]) -%}
  {%- do run_statements(with_admin_role(statements | join('\n')), dry_run) -%}
{% endmacro %}
