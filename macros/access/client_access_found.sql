{# What the warehouse says about who may use a client's schema. Names are compared whole, in lower case.
   Arguments: schema (string: a client schema), roles (list of all roles, lower case).
   Returns: none when the schema or one of its roles is missing, else { grants (list of [privilege, on, name, role] of the client's roles
     and of all roles on the schema and its tables), tables (list: the schema's tables), members (list of [role, 'user' or 'role', name]:
     who has the client's roles), reaching_roles (list: roles that are not the agency's own and reach into the schema)}.
   Example: {% set found = client_access_found('client_acme_meta_2024', roles) %} #}
{% macro client_access_found(schema, roles) %}
  {%- set client_roles = [client_role(schema, 'owner'), client_role(schema, 'reader')] -%}
  {%- set full = (target.database ~ '.' ~ schema) | lower -%}
  {%- set tables = [] -%}
  {%- for row in run_query("select table_name as \"name\" from " ~ target.database ~ ".information_schema.tables where table_schema = '" ~ schema | upper ~ "'").rows -%}
    {%- do tables.append(row['name'] | lower) -%}
  {%- endfor -%}
  {%- if client_roles[0] not in roles or client_roles[1] not in roles or not tables -%}
    {% do return(none) %}
  {%- endif -%}
  {%- set grants = [] -%}
  {%- set members = [] -%}
  {%- set reaching = [] -%}
  {%- for role in client_roles -%}
    {%- for row in run_query('show grants to role ' ~ role).rows if row['granted_on'] != 'ROLE' -%}
      {%- do grants.append([row['privilege'] | lower, row['granted_on'] | lower | replace('_', ' '), row['name'] | lower, role]) -%}
    {%- endfor -%}
    {%- for row in run_query('show future grants to role ' ~ role).rows -%}
      {%- do grants.append([row['privilege'] | lower, 'future ' ~ row['grant_on'] | lower | replace('_', ' '), row['name'] | lower, role]) -%}
    {%- endfor -%}
    {%- for row in run_query('show grants of role ' ~ role).rows -%}
      {%- do members.append([role, row['granted_to'] | lower, row['grantee_name']]) -%}
      {%- if row['granted_to'] == 'ROLE' -%}{%- do reaching.append(row['grantee_name'] | lower) -%}{%- endif -%}
    {%- endfor -%}
  {%- endfor -%}
  {%- for row in run_query('show grants on schema ' ~ full).rows if row['grantee_name'] | lower not in client_roles -%}
    {%- do grants.append([row['privilege'] | lower, 'schema', row['name'] | lower, row['grantee_name'] | lower]) -%}
    {%- do reaching.append(row['grantee_name'] | lower) -%}
  {%- endfor -%}
  {%- for row in run_query('show future grants in schema ' ~ full).rows if row['grantee_name'] | lower not in client_roles -%}
    {%- do grants.append([row['privilege'] | lower, 'future ' ~ row['grant_on'] | lower | replace('_', ' '), row['name'] | lower, row['grantee_name'] | lower]) -%}
    {%- do reaching.append(row['grantee_name'] | lower) -%}
  {%- endfor -%}
  {%- for row in run_query('select table_name as "name", privilege_type as "privilege", grantee as "grantee" from ' ~ target.database ~ ".information_schema.table_privileges where table_schema = '" ~ schema | upper ~ "'").rows if row['grantee'] | lower not in client_roles -%}
    {%- do grants.append([row['privilege'] | lower, 'table', full ~ '.' ~ row['name'] | lower, row['grantee'] | lower]) -%}
    {%- do reaching.append(row['grantee'] | lower) -%}
  {%- endfor -%}
  {%- set own = agency_roles() + client_roles -%}
  {% do return({
    'grants': grants,
    'tables': tables,
    'members': members,
    'reaching_roles': reaching | reject('in', own) | unique | list,
  }) %}
{% endmacro %}
