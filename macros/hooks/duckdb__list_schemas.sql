{# The schemas of a database, for dbt's own question before a run. dbt puts the name in quotation marks, by which dbt-duckdb finds none; dbt
   then makes each schema again, with 300 clients for 6 s.
   Arguments: database (string, quoted or not; none for all).
   Returns: a table (agate) of one column, schema_name.
   Example: {% set schemas = duckdb__list_schemas('spark9') %} #}
{% macro duckdb__list_schemas(database) %}
  {%- set query -%}
    select schema_name
    from duckdb_schemas()
    {%- if database is not none %}
    where lower(database_name) = {{ text_literal(database | replace('"', '') | lower) }}
    {%- endif %}
  {%- endset -%}
  {% do return(run_query(query)) %}
{% endmacro %}
