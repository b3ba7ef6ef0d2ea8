{# Let Snowflake itself run the area customer 360 (customer_360_native_ddl). Everything is suspended until resume_customer_360_native(). The
   dbt project object is that of deploy_native().
   Arguments: execute_it (bool): false, the default, prints the statements only. customers, seed (integers): of the weekly generation; the
     settings where they are not given.
   Returns: nothing.
   Example: dbt run-operation deploy_customer_360_native --target prod --args '{execute_it: true}' #}
{% macro deploy_customer_360_native(execute_it=false, customers=none, seed=none) %}
  {%- set settings = var('customer_360') -%}
  {%- do run_statements(customer_360_native_ddl(customers or settings.customers, settings.seed if seed is none else seed), not execute_it) -%}
{% endmacro %}
