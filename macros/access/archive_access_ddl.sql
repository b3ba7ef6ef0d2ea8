{# The statements by which an archived client's owners and readers lose their way in; the agency's own roles keep theirs.
   client_access_ddl() gives it back.
   Arguments: schema_name (string).
   Returns: statements (text), each ended by a semicolon; nothing on a target that keeps no roles.
   Example: {{ archive_access_ddl('client_acme_meta_2024') }} #}
{% macro archive_access_ddl(schema_name) %}
{%- if keeps_roles() %}
{%- set kept = client_grants(schema_name, 'archived') %}
{%- for grant in client_grants(schema_name) if grant not in kept -%}
{{ grant_statements(grant, revoke=true) }}
{%- endfor %}
{%- endif %}
{% endmacro %}
