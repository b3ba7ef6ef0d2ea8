{# The statements that make a client's two roles and give them, and the functional roles, what client_grants() lists. People get theirs from
   user_access_ddl(), since a person who is not a user yet is no reason to stop.
   Arguments: schema_name (string).
   Returns: statements (text), each ended by a semicolon; nothing on a target that keeps no roles.
   Example: {{ client_access_ddl('client_acme_meta_2024') }} #}
{% macro client_access_ddl(schema_name) %}
{%- if keeps_roles() %}
{%- set owner = client_role(schema_name, 'owner') %}
{%- set reader = client_role(schema_name, 'reader') %}
create role if not exists {{ owner }};
create role if not exists {{ reader }};
grant role {{ reader }} to role {{ owner }};
grant role {{ owner }} to role {{ functional_role('admin') }};
{% for grant in client_grants(schema_name) -%}
{{ grant_statements(grant) }}
{%- endfor %}
{%- endif %}
{% endmacro %}
