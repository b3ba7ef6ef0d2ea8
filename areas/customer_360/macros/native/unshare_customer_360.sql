{# End the share of share_customer_360(); the views stay.
   Arguments: confirm (bool): must be true; dry_run (bool): print the statements only.
   Returns: nothing.
   Example: dbt run-operation unshare_customer_360 --target prod --args '{confirm: true}' #}
{% macro unshare_customer_360(confirm=false, dry_run=false) %}
  {%- if not confirm and not dry_run -%}
    {%- do exceptions.raise_compiler_error("unshare_customer_360: nothing was dropped; add `confirm: true` to drop the share customer_360_insights") -%}
  {%- endif -%}
  {%- do run_statements('use role accountadmin;\ndrop share if exists customer_360_insights;\nuse role ' ~ (target.role or functional_role('transformer')) ~ ';', dry_run) -%}
{% endmacro %}
