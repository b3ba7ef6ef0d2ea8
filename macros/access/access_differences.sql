{# Every difference between the registry and the warehouse's roles and grants, over all clients of the registry: grants that are missing or
   nobody gave, people who should not have a role or lack one, roles from outside that reach into a schema, and roles that reach two
   clients.
   Returns: list of {client_schema, problem (a sentence), remedy (a statement, or none)}; none if everything is in order.
   Example: {% for difference in access_differences() %}{{ difference.problem }}{% endfor %} #}
{% macro access_differences() %}{% do return(adapter.dispatch('access_differences', 'spark9')()) %}{% endmacro %}

{#- DuckDB has no roles: the registry says who may use what, and nothing enforces it. -#}
{% macro duckdb__access_differences() %}{% do return([]) %}{% endmacro %}

{% macro snowflake__access_differences() %}
  {%- set differences = [] -%}
  {%- set schemas_by_role = {} -%}
  {%- set roles = [] -%}
  {%- do run_query('use role ' ~ functional_role('admin')) -%}
  {%- for row in run_query('show roles').rows -%}{%- do roles.append(row['name'] | lower) -%}{%- endfor -%}
  {%- set clients = [] -%}
  {%- for client in registered_clients() -%}{%- do clients.append([client, 'active']) -%}{%- endfor -%}
  {%- for client in archived_clients() -%}{%- do clients.append([client, 'archived']) -%}{%- endfor -%}
  {%- set found_by_schema = client_access_found(clients | map('first') | map(attribute='client_schema') | list, roles) -%}
  {%- for client, status in clients -%}
    {%- set schema = client.client_schema -%}
    {%- set found = found_by_schema.get(schema) -%}
    {%- if found is none -%}
      {%- do differences.append({'client_schema': schema, 'problem': 'its schema or one of its roles does not exist', 'remedy': 'spark9 client add ' ~ client.client ~ ' ' ~ client.platform ~ ' ' ~ client.year}) -%}
    {%- else -%}
      {%- do differences.extend(grant_differences(schema, status, found)) -%}
      {%- do differences.extend(member_differences(schema, found)) -%}
      {%- for role in found.reaching_roles -%}
        {%- do schemas_by_role.setdefault(role, []).append(schema) -%}
      {%- endfor -%}
    {%- endif -%}
  {%- endfor -%}
  {%- for role, schemas in schemas_by_role.items() if schemas | length > 1 -%}
    {%- do differences.append({'client_schema': schemas | join(', '), 'problem': 'the role ' ~ role ~ ' can see ' ~ schemas | length ~ ' clients', 'remedy': none}) -%}
  {%- endfor -%}
  {%- if target.role -%}{%- do run_query('use role ' ~ target.role) -%}{%- endif -%}
  {% do return(differences) %}
{% endmacro %}
