{# Let Snowflake itself run the area customer 360 (customer_360_native_ddl). Everything is suspended until resume_customer_360_native();
   tasks that ran before run again. The dbt project object is one of its own, native.spark9_customer_360, since an object can't be executed
   twice at once.
   Arguments: execute_it (bool): false, the default, prints the statements only. customers, seed (integers): of the weekly generation; the
     settings where they are not given. source (string or none): see deploy_native().
   Returns: nothing.
   Example: dbt run-operation deploy_customer_360_native --target prod --args '{execute_it: true}' #}
{% macro deploy_customer_360_native(execute_it=false, customers=none, seed=none, source=none) %}
  {%- set settings = var('customer_360') -%}
  {%- do deploy_tasks(customer_360_native_ddl(customers or settings.customers, settings.seed if seed is none else seed, source), bronze_schema(), customer_360_tasks(), execute_it) -%}
{% endmacro %}
