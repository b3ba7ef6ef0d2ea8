{# The statements that make the schema bronze with all that the area needs before dbt builds: raw tables, logs and the generator's own
   tables; on Snowflake the schemas silver, gold and insights with their grants too. No stage: `spark9 customer-360 load-customers` makes it
   when files are to be read.
   Arguments: schema_name (string, with the target's prefix), feeds (list of mappings as Feed.for_macros() gives them).
   Returns: statements (text), each ended by a semicolon; running them again changes nothing.
   Example: {{ customer_360_ddl('bronze', feeds) }} #}
{% macro customer_360_ddl(schema_name, feeds) %}
{{ feed_schema_ddl(schema_name, feeds) }}
{% for table, columns in customer_360_tables().items() %}
create table if not exists {{ schema_name }}.{{ table }} (
    {%- for name, type, required in columns %}
    {{ name }} {{ type }}{{ " not null" if required }}{{ "," if not loop.last }}
    {%- endfor %}
){{ clustered_by(['transaction_date']) if table == 'raw_transactions' }};
{% endfor %}
{%- if keeps_roles() %}
{%- set gold = target.database ~ '.' ~ (schema_with_prefix('gold') | trim) %}
{%- set bronze = target.database ~ '.' ~ schema_name %}
{%- set insights = target.database ~ '.' ~ (schema_with_prefix('insights') | trim) %}
{{ create_schema_ddl(insights) }}
{#- Snowpark writes the frame of the churn model by way of a stage and a file format that it makes #}
{% for grant in [
    {'privileges': ['create view'], 'on': 'schema', 'name': bronze, 'role': functional_role('transformer')},
    {'privileges': ['create stage', 'create file format'], 'on': 'schema', 'name': gold, 'role': functional_role('transformer')},
    {'privileges': ['usage', 'create view'], 'on': 'schema', 'name': insights, 'role': functional_role('transformer')},
    {'privileges': ['usage'], 'on': 'schema', 'name': insights, 'role': functional_role('analyst')},
    {'privileges': ['select'], 'on': 'view', 'name': insights, 'role': functional_role('analyst')},
] %}
{{ grant_statements(grant) }}
{%- endfor %}
{%- endif %}
{% endmacro %}
