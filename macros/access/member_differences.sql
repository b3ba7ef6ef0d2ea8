{# People and roles that have a client's role without an entry in the registry, or lack it in spite of one.
   Arguments: schema (string), found (from client_access_found()).
   Returns: list as of access_differences().
   Example: {% do differences.extend(member_differences(schema, found)) %} #}
{% macro member_differences(schema, found) %}
  {%- set differences = [] -%}
  {%- set expected = [] -%}
  {%- for access in registered_accesses() if access.client_schema == schema -%}
    {%- do expected.append([client_role(schema, access.access), 'user', access.user_name | upper]) -%}
  {%- endfor -%}
  {%- do expected.append([client_role(schema, 'reader'), 'role', client_role(schema, 'owner') | upper]) -%}
  {%- do expected.append([client_role(schema, 'owner'), 'role', functional_role('admin') | upper]) -%}
  {%- for role, kind, name in expected if [role, kind, name] not in found.members -%}
    {%- do differences.append({'client_schema': schema, 'problem': kind ~ ' ' ~ name ~ ' lacks the role ' ~ role, 'remedy': 'grant role ' ~ role ~ ' to ' ~ kind ~ ' ' ~ user_identifier(name)}) -%}
  {%- endfor -%}
  {%- for role, kind, name in found.members if [role, kind, name] not in expected -%}
    {%- do differences.append({'client_schema': schema, 'problem': kind ~ ' ' ~ name ~ ' has the role ' ~ role ~ ', which is not in the registry', 'remedy': 'revoke role ' ~ role ~ ' from ' ~ kind ~ ' ' ~ user_identifier(name)}) -%}
  {%- endfor -%}
  {% do return(differences) %}
{% endmacro %}
