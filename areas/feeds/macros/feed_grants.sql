{# Every privilege on the schemas of an area of feeds that some role is to have: the loader writes raw rows, the transformer builds and adds
   to the two logs, analysts read marts and nothing else.
   Arguments: area (string), feeds (list of mappings: see raw_feed_columns).
   Returns: list of grants as grant_statements() takes them; names have the database's name before them.
   Example: {% for grant in feed_grants('engagement', feeds) %}{{ grant_statements(grant) }}{% endfor %} #}
{% macro feed_grants(area, feeds) %}
  {%- set schemas = area_schemas(area) -%}
  {%- set built = target.database ~ '.' ~ (schema_with_prefix(schemas.built) | trim) -%}
  {%- set raw = target.database ~ '.' ~ (raw_schema(schemas.raw) | trim) -%}
  {%- set marts = target.database ~ '.' ~ (schema_with_prefix(schemas.marts) | trim) -%}
  {%- set loader, transformer, analyst = functional_role('loader'), functional_role('transformer'), functional_role('analyst') -%}
  {%- set grants = [
    {'privileges': ['usage'], 'on': 'schema', 'name': raw, 'role': loader},
    {'privileges': ['select', 'insert', 'update', 'delete'], 'on': 'table', 'name': raw, 'role': loader},
    {'privileges': ['usage'], 'on': 'schema', 'name': raw, 'role': transformer},
    {'privileges': ['select'], 'on': 'table', 'name': raw, 'role': transformer},
    {'privileges': ['usage', 'create table', 'create view'], 'on': 'schema', 'name': built, 'role': transformer},
    {'privileges': ['usage', 'create table', 'create view'], 'on': 'schema', 'name': marts, 'role': transformer},
    {'privileges': ['usage'], 'on': 'schema', 'name': marts, 'role': analyst},
    {'privileges': ['select'], 'on': 'table', 'name': marts, 'role': analyst},
    {'privileges': ['select'], 'on': 'view', 'name': marts, 'role': analyst},
  ] -%}
  {%- for log in ('ingestion_logs', 'dq_check_logs') -%}
    {%- do grants.append({'privileges': ['insert'], 'on': 'one table', 'name': raw ~ '.' ~ log, 'role': transformer}) -%}
  {%- endfor -%}
  {%- for feed in feeds if feed.folder -%}
    {%- do grants.append({'privileges': ['usage'], 'on': 'stage', 'name': raw ~ '.' ~ feed.table ~ '_stage', 'role': loader}) -%}
  {%- endfor -%}
  {%- for format in ('feed_lines', 'feed_array', 'feed_csv') -%}
    {%- do grants.append({'privileges': ['usage'], 'on': 'file format', 'name': raw ~ '.' ~ format, 'role': loader}) -%}
  {%- endfor -%}
  {%- if var('snowflake').edition == 'enterprise' -%}
    {%- do grants.extend([
      {'privileges': ['apply'], 'on': 'masking policy', 'name': built ~ '.personal_text', 'role': transformer},
      {'privileges': ['apply'], 'on': 'masking policy', 'name': built ~ '.personal_json', 'role': transformer},
      {'privileges': ['apply'], 'on': 'tag', 'name': built ~ '.personal_data', 'role': transformer},
    ]) -%}
  {%- endif -%}
  {% do return(grants) %}
{% endmacro %}
