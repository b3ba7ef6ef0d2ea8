{# Drop all that the area has generated and built, to start over. The run log stays.
   Arguments: schema_name (string: bronze, with the target's prefix).
   Returns: statements (text), each ended by a semicolon.
   Example: {{ customer_360_reset_ddl('bronze') }} #}
{% macro customer_360_reset_ddl(schema_name) %}
{%- set schemas = area_schemas('customer_360') -%}
drop schema if exists {{ schema_with_prefix('insights') }} cascade;
drop schema if exists {{ schema_with_prefix(schemas.marts) }} cascade;
drop schema if exists {{ schema_with_prefix(schemas.built) }} cascade;
{% for table in customer_360_tables() %}
drop table if exists {{ schema_name }}.{{ table }};
{%- endfor %}
delete from {{ schema_name }}.raw_customers;
delete from {{ schema_name }}.ingested_files;
{% endmacro %}
