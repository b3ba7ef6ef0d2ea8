{# What the warehouse says about who may use clients' schemas. Names are compared whole, in lower case. Nothing but SHOW GRANTS knows this without
   delay, and SHOW takes one role or schema at a time: chains of SHOWs, eight clients each, are one statement (docs/decisions/0044).
   Arguments: schemas (list of client schemas), roles (list of all roles, lower case).
   Returns: mapping of each client schema whose tables and roles are there to { grants (list of [privilege, on, name, role] of the client's
     roles and of all roles on the schema and its tables), tables (list: the schema's tables), members (list of [role, 'user' or 'role',
     name]: who has the client's roles), reaching_roles (list: roles that are not the agency's own and reach into the schema)}.
   Example: {% set found = client_access_found(['client_acme_meta_2024'], roles) %} #}
{% macro client_access_found(schemas, roles) %}
  {%- set catalogue = target.database ~ '.information_schema.' -%}
  {%- set tables = {} -%}
  {%- for row in run_query('select table_schema as "schema", table_name as "name" from ' ~ catalogue ~ 'tables').rows -%}
    {%- do tables.setdefault(row['schema'] | lower, []).append(row['name'] | lower) -%}
  {%- endfor -%}
  {%- set found = {} -%}
  {%- for schema in schemas if schema in tables and client_role(schema, 'owner') in roles and client_role(schema, 'reader') in roles -%}
    {%- do found.update({schema: {'grants': [], 'tables': tables[schema], 'members': [], 'reaching_roles': []}}) -%}
  {%- endfor -%}
  {%- for some in found | list | batch(8) -%}
    {%- for row in run_query(shown_access_sql(some)).rows -%}
      {%- set client = found[row['client_schema']] -%}
      {%- set client_roles = [client_role(row['client_schema'], 'owner'), client_role(row['client_schema'], 'reader')] -%}
      {%- set grant = [(row['privilege'] or '') | lower, row['future'] ~ (row['kind'] | lower | replace('_', ' ')), (row['name'] or '') | lower, row['grantee'] | lower] -%}
      {%- if row['of_role'] -%}
        {%- do client.members.append([row['of_role'], row['kind'] | lower, row['grantee']]) -%}
        {%- if row['kind'] == 'ROLE' -%}{%- do client.reaching_roles.append(row['grantee'] | lower) -%}{%- endif -%}
      {%- elif row['kind'] != 'ROLE' -%}
        {%- do client.grants.append(grant) -%}
        {%- do client.reaching_roles.append(grant[3]) -%}
      {%- endif -%}
    {%- endfor -%}
  {%- endfor -%}
  {%- for row in run_query('select table_schema as "schema", table_name as "name", privilege_type as "privilege", grantee as "grantee" from ' ~ catalogue ~ 'table_privileges').rows -%}
    {%- set schema, grantee = row['schema'] | lower, row['grantee'] | lower -%}
    {%- if schema in found and grantee not in [client_role(schema, 'owner'), client_role(schema, 'reader')] -%}
      {%- do found[schema].grants.append([row['privilege'] | lower, 'table', (target.database ~ '.' ~ schema ~ '.' ~ row['name']) | lower, grantee]) -%}
      {%- do found[schema].reaching_roles.append(grantee) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- for schema, client in found.items() -%}
    {%- set own = agency_roles() + [client_role(schema, 'owner'), client_role(schema, 'reader')] -%}
    {%- do client.update({'reaching_roles': client.reaching_roles | reject('in', own) | unique | list}) -%}
  {%- endfor -%}
  {% do return(found) %}
{% endmacro %}

{# A chain of SHOWs about some clients, whose last link puts their answers together; $1 is the answer of the SHOW before it, $2 of the one before
   that (docs.snowflake.com/en/sql-reference/operators-flow).
   Arguments: schemas (list of client schemas).
   Returns: one statement (text), of the columns client_schema, of_role (where the row is a member of a role), future ('' or 'future '),
     privilege, kind (of the object, or of the member), name and grantee. #}
{% macro shown_access_sql(schemas) %}
  {%- set links = [] -%}
  {%- for schema in schemas -%}
    {%- for role in [client_role(schema, 'owner'), client_role(schema, 'reader')] -%}
      {%- do links.extend([
        ['show grants to role ' ~ role, schema, none, '', '"privilege"', '"granted_on"', '"name"', "'" ~ role ~ "'"],
        ['show future grants to role ' ~ role, schema, none, 'future ', '"privilege"', '"grant_on"', '"name"', "'" ~ role ~ "'"],
        ['show grants of role ' ~ role, schema, role, '', 'null', '"granted_to"', 'null', '"grantee_name"'],
      ]) -%}
    {%- endfor -%}
    {%- set full = target.database ~ '.' ~ schema -%}
    {%- do links.extend([
      ['show grants on schema ' ~ full, schema, none, '', '"privilege"', '"granted_on"', '"name"', '"grantee_name"'],
      ['show future grants in schema ' ~ full, schema, none, 'future ', '"privilege"', '"grant_on"', '"name"', '"grantee_name"'],
    ]) -%}
  {%- endfor -%}
  {%- for link in links %}
{{ link[0] }}
->>
  {%- endfor %}
  {%- for show, schema, role, future, privilege, kind, name, grantee in links %}
select
    '{{ schema }}' as "client_schema", {{ "'" ~ role ~ "'" if role else 'null' }} as "of_role", '{{ future }}' as "future",
    {{ privilege }} as "privilege", {{ kind }} as "kind", {{ name }} as "name", {{ grantee }} as "grantee"
from ${{ loop.revindex }}
{%- if grantee == '"grantee_name"' and not role %}
where lower("grantee_name") not in ('{{ client_role(schema, 'owner') }}', '{{ client_role(schema, 'reader') }}')
{%- endif %}
{{ 'union all' if not loop.last }}
  {%- endfor %}
{% endmacro %}
