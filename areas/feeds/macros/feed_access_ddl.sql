{# What Snowflake wants for an area of feeds besides the schema of its raw rows: the schemas that dbt builds, the tag and masking policy of
   personal data (Enterprise edition), and the grants. Nothing where the target keeps no roles.
   Arguments: area (string), feeds (list of mappings: see raw_feed_columns; a field has personal, bool). Of a feed with personal fields,
     what is not declared, rejected or replaced is masked, too.
   Returns: statements (text), each ended by a semicolon, or nothing; running them again changes nothing.
   Example: {{ feed_access_ddl('engagement', feeds) }} #}
{% macro feed_access_ddl(area, feeds) %}
{%- if keeps_roles() %}
{%- set schemas = area_schemas(area) %}
{%- set built = target.database ~ '.' ~ (schema_with_prefix(schemas.built) | trim) %}
{{ create_schema_ddl(built) }}

{{ create_schema_ddl(target.database ~ '.' ~ (schema_with_prefix(schemas.marts) | trim)) }}
{% if var('snowflake').edition == 'enterprise' %}
create tag if not exists {{ built }}.personal_data;

create masking policy if not exists {{ built }}.personal_text as (value varchar) returns varchar -> case when value is null or is_role_in_session('{{ functional_role('loader') | upper }}') or is_role_in_session('{{ functional_role('transformer') | upper }}') then value else '***' end;
create masking policy if not exists {{ built }}.personal_json as (value variant) returns variant -> case when value is null or is_role_in_session('{{ functional_role('loader') | upper }}') or is_role_in_session('{{ functional_role('transformer') | upper }}') then value else to_variant('***') end;
{% set raw = target.database ~ '.' ~ (raw_schema(schemas.raw) | trim) %}
{%- for feed in feeds if feed.fields | selectattr('personal') | list %}
{{ mask_columns_ddl(raw ~ '.' ~ feed.table, feed.fields | selectattr('personal') | map(attribute='name') | list, area) }}
{{ mask_columns_ddl(raw ~ '.' ~ feed.table, ['other_fields'], area, 'personal_json') }}
{{ mask_columns_ddl(raw ~ '.rejected_rows', ['row_text'], area) }}
{{ mask_columns_ddl(raw ~ '.replaced_rows', ['row_data'], area, 'personal_json') }}
{%- endfor %}
{% endif %}
{%- for grant in feed_grants(area, feeds) %}
{{ grant_statements(grant) }}
{%- endfor %}
{%- endif %}
{% endmacro %}
