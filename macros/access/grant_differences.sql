{# The grants on a client's schema that are missing, and those that the registry knows nothing of.
   Arguments: schema (string), status ('active' or 'archived'), found (from client_access_found()).
   Returns: list as of access_differences().
   Example: {% do differences.extend(grant_differences(schema, 'active', found)) %} #}
{% macro grant_differences(schema, status, found) %}
  {%- set differences = [] -%}
  {%- set full = (target.database ~ '.' ~ schema) | lower -%}
  {%- set client_roles = [client_role(schema, 'owner'), client_role(schema, 'reader')] -%}
  {%- set expected = [] -%}
  {%- for grant in client_grants(schema, status) -%}
    {%- for privilege in grant.privileges -%}
      {%- if grant.on == 'table' -%}
        {%- do expected.append([privilege, 'future table', full ~ '.<table>', grant.role]) -%}
        {%- for table in found.tables -%}
          {%- do expected.append([privilege, 'table', full ~ '.' ~ table, grant.role]) -%}
        {%- endfor -%}
      {%- elif grant.role in client_roles or grant.on == 'schema' -%}
        {%- do expected.append([privilege, grant.on, grant.name | lower, grant.role]) -%}
      {%- endif -%}
    {%- endfor -%}
  {%- endfor -%}
  {%- for grant in expected if grant not in found.grants and ['ownership'] + grant[1:] not in found.grants -%}
    {%- do differences.append({'client_schema': schema, 'problem': grant[3] ~ ' lacks ' ~ grant[0] ~ ' on ' ~ grant[1] ~ ' ' ~ grant[2], 'remedy': mending_statement(grant)}) -%}
  {%- endfor -%}
  {%- for grant in found.grants if grant not in expected and not (grant[0] == 'ownership' and grant[3] in agency_roles()) -%}
    {%- do differences.append({'client_schema': schema, 'problem': grant[3] ~ ' has ' ~ grant[0] ~ ' on ' ~ grant[1] ~ ' ' ~ grant[2] ~ ', which is not in the registry', 'remedy': mending_statement(grant, revoke=true)}) -%}
  {%- endfor -%}
  {% do return(differences) %}
{% endmacro %}
