{# Every privilege on a client's schema that some role is to have. The only list of them: onboarding grants it, the audit compares the
   warehouse with it.
   Arguments: schema_name (string), status ('active' or 'archived': nobody but the agency's own roles gets in).
   Returns: list of {privileges (list), on (database, warehouse, schema, table, stage or file format; 'table' means all tables of the
     schema, now and in the future), name, role}. Names have the database's name before them.
   Example: {% for grant in client_grants('client_acme_meta_2024') %}{{ grant.role }}{% endfor %} #}
{% macro client_grants(schema_name, status='active') %}
  {%- set database = target.database -%}
  {%- set schema = database ~ '.' ~ schema_name -%}
  {%- set stage = schema ~ '.' ~ schema_name ~ '_stage' -%}
  {%- set owner = client_role(schema_name, 'owner') -%}
  {%- set reader = client_role(schema_name, 'reader') -%}
  {%- set loader = functional_role('loader') -%}
  {%- set transformer = functional_role('transformer') -%}
  {%- set developer = functional_role('developer') -%}
  {%- set all_on_rows = ['select', 'insert', 'update', 'delete'] -%}
  {%- set grants = [
    {'privileges': ['usage'], 'on': 'schema', 'name': schema, 'role': loader},
    {'privileges': all_on_rows, 'on': 'table', 'name': schema, 'role': loader},
    {'privileges': ['read', 'write'], 'on': 'stage', 'name': stage, 'role': loader},
    {'privileges': ['usage', 'create table', 'create view'], 'on': 'schema', 'name': schema, 'role': transformer},
    {'privileges': all_on_rows, 'on': 'table', 'name': schema, 'role': transformer},
    {'privileges': ['usage'], 'on': 'schema', 'name': schema, 'role': developer},
    {'privileges': ['select'], 'on': 'table', 'name': schema, 'role': developer},
  ] -%}
  {%- if status == 'active' -%}
    {%- set warehouse = var('snowflake').client_warehouse -%}
    {%- for role in [owner, reader] -%}
      {%- do grants.extend([
        {'privileges': ['usage'], 'on': 'database', 'name': database, 'role': role},
        {'privileges': ['usage'], 'on': 'warehouse', 'name': warehouse, 'role': role},
        {'privileges': ['usage'], 'on': 'schema', 'name': schema, 'role': role},
      ]) -%}
    {%- endfor -%}
    {%- do grants.extend([
      {'privileges': all_on_rows, 'on': 'table', 'name': schema, 'role': owner},
      {'privileges': ['read', 'write'], 'on': 'stage', 'name': stage, 'role': owner},
      {'privileges': ['select'], 'on': 'table', 'name': schema, 'role': reader},
    ]) -%}
  {%- endif -%}
  {% do return(grants) %}
{% endmacro %}
