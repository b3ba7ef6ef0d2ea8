{# The statement that gives a person a client's role, or takes it away.
   Arguments: schema_name (string), user_name (string), access ('owner' or 'reader'), revoke (bool).
   Returns: one statement (text) with its semicolon; nothing on a target that keeps no roles.
   Example: {{ user_access_ddl('client_acme_meta_2024', 'ann@example.com', 'reader') }} #}
{% macro user_access_ddl(schema_name, user_name, access, revoke=false) %}
{%- if keeps_roles() -%}
{{ 'revoke' if revoke else 'grant' }} role {{ client_role(schema_name, access) }} {{ 'from' if revoke else 'to' }} user {{ user_identifier(user_name) }};
{%- endif -%}
{% endmacro %}
