{# Every statement of setup_account(), each run by the system role that Snowflake means for it.
   Returns: statements (text), each ended by a semicolon.
   Example: {{ account_ddl() }} #}
{% macro account_ddl() %}
{%- do only_on_snowflake('account_ddl') %}
{%- set settings = var('snowflake') %}
{%- set database = target.database %}
use role sysadmin;

create database if not exists {{ database }};
alter database {{ database }} set data_retention_time_in_days = {{ time_travel_days('schema') }};
{% for name, warehouse in settings.warehouses.items() %}
{{ warehouse_ddl(name, warehouse) }}
{%- endfor %}
use role useradmin;
{% for role in settings.roles.values() %}
create role if not exists {{ role }};
{%- endfor %}
{% for job, role in settings.roles.items() if job != 'admin' %}
grant role {{ role }} to role {{ functional_role('admin') }};
{%- endfor %}
grant role {{ functional_role('admin') }} to role sysadmin;
{% for job, user in settings.users.items() %}
{{ service_user_ddl(job, user) }}
{%- endfor %}

use role securityadmin;
{{ functional_grants_ddl() }}
use role sysadmin;
{{ shared_schemas_ddl() }}
use role accountadmin;
{% for name, warehouse in settings.warehouses.items() %}
{{ resource_monitor_ddl(name, warehouse) }}
{%- endfor %}
grant imported privileges on database snowflake to role {{ functional_role('transformer') }};
{%- if target.role %}

use role {{ target.role }};
{%- endif %}
{% endmacro %}
