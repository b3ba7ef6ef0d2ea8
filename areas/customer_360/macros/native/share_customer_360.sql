{# Share customer_360_insights: the secure views of the schema insights and nothing else, with other accounts. The views have no names, no
   mail addresses and no group of fewer customers than the setting smallest_shared_group. Running it again changes nothing but the accounts.
   Arguments: accounts (list of organization.account names; may be empty), dry_run (bool): print the statements only.
   Returns: nothing.
   Example: dbt run-operation share_customer_360 --target prod --args '{accounts: [partner_org.partner_account]}' #}
{% macro share_customer_360(accounts=[], dry_run=false) %}
  {%- do run_statements(customer_360_share_ddl(accounts), dry_run) -%}
{% endmacro %}
