{# Every statement of share_customer_360().
   Arguments: accounts (list of organization.account names).
   Returns: statements (text), each ended by a semicolon. Raises an error for a name that is none.
   Example: {{ customer_360_share_ddl(['partner_org.partner_account']) }} #}
{% macro customer_360_share_ddl(accounts) %}
{%- do only_on_snowflake('customer_360_share_ddl') %}
{%- set insights = target.database ~ '.' ~ (schema_with_prefix('insights') | trim) %}
{%- for account in accounts if not modules.re.fullmatch('[A-Za-z][A-Za-z0-9_]*[.][A-Za-z][A-Za-z0-9_]*', account) %}
  {%- do exceptions.raise_compiler_error("'" ~ account ~ "' is not an account: give organization.account, with letters, digits and underscores") %}
{%- endfor %}
use role accountadmin;
create share if not exists customer_360_insights comment = 'Segments, months, states and categories of customers; no group under {{ var('customer_360').smallest_shared_group }}.';
grant usage on database {{ target.database }} to share customer_360_insights;
grant usage on schema {{ insights }} to share customer_360_insights;
{%- for view in customer_360_shared_views() %}
grant select on view {{ insights }}.{{ view }} to share customer_360_insights;
{%- endfor %}
{%- if accounts %}
alter share customer_360_insights set accounts = {{ accounts | join(', ') }};
{%- endif %}
{%- if target.role %}
use role {{ target.role }};
{%- endif %}
{% endmacro %}
