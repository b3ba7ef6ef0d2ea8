{# What the functional roles may do outside of clients' schemas: use the database and their warehouses; the admin makes schemas and roles,
   developers make schemas of their own, and the transformer those that a build needs and nobody has made.
   Returns: statements (text), each ended by a semicolon.
   Example: {{ functional_grants_ddl() }} #}
{% macro functional_grants_ddl() %}
{%- set settings = var('snowflake') %}
{%- for role in settings.roles.values() %}
grant usage on database {{ target.database }} to role {{ role }};
{%- endfor %}
grant create schema on database {{ target.database }} to role {{ functional_role('admin') }};
grant create schema on database {{ target.database }} to role {{ functional_role('developer') }};
grant create schema on database {{ target.database }} to role {{ functional_role('transformer') }};
grant create role on account to role {{ functional_role('admin') }};
{%- for name, warehouse in settings.warehouses.items() %}
{%- for job in warehouse.roles %}
grant usage on warehouse {{ name }} to role {{ functional_role(job) }};
{%- endfor %}
{%- endfor %}
grant usage on warehouse {{ settings.client_warehouse }} to role {{ functional_role('admin') }} with grant option;
grant usage on database {{ target.database }} to role {{ functional_role('admin') }} with grant option;
{% endmacro %}
