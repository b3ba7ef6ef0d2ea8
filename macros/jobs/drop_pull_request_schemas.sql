{# Drop the schemas that CI made for pull requests (pr_12_marts, dbt_cloud_pr_7_12_marts): of one pull request, or all that are older than
   some days. What has any other name stays.
   Arguments: number (integer): the pull request, or none for those of all that are too old. days (integer): from this age on, in days.
   Returns: nothing; logs what was dropped.
   Example: dbt run-operation drop_pull_request_schemas --target ci --args '{number: 12}' #}
{% macro drop_pull_request_schemas(number=none, days=14) %}
  {%- if (number if number is not none else days) | string | int(-1) < 0 -%}
    {%- do exceptions.raise_compiler_error("drop_pull_request_schemas: number and days are whole numbers, not '" ~ number ~ "' and '" ~ days ~ "'; nothing was dropped") -%}
  {%- endif -%}
  {%- set name = '(dbt_cloud_pr_[0-9]+|pr)_' ~ (number | int if number is not none else '[0-9]+') ~ '_[a-z0-9_]+' -%}
  {%- set dropped = [] -%}
  {%- for schema_name, age in run_query(schema_ages()).rows -%}
    {%- if modules.re.fullmatch(name, schema_name | lower) and (number is not none or (age is not none and age >= days | int)) -%}
      {%- do adapter.drop_schema(api.Relation.create(database=target.database, schema=schema_name)) -%}
      {%- do dropped.append(schema_name | lower) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- do log(dropped | length ~ ' schemas of pull requests dropped' ~ (': ' ~ dropped | sort | join(', ') if dropped else ''), info=true) -%}
{% endmacro %}

{# A select of the schemas and how many days old each is; on DuckDB, which notes no such time, null. #}
{% macro schema_ages() %}{{ adapter.dispatch('schema_ages', 'spark9')() }}{% endmacro %}
{% macro duckdb__schema_ages() %}select schema_name, cast(null as integer) as age_days from duckdb_schemas() where database_name = current_database(){% endmacro %}
{% macro snowflake__schema_ages() %}
select schema_name, datediff('day', created, current_timestamp()) as age_days
from {{ target.database }}.information_schema.schemata
{% endmacro %}
