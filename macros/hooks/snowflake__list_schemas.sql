{# The schemas of a database. dbt asks this for each schema that it builds in, with 300 clients 302 times; here it is asked once a run.
   Arguments: database (string).
   Returns: a table (agate) with the column name.
   Example: {% set schemas = snowflake__list_schemas('spark_no9_main') %} #}
{% macro snowflake__list_schemas(database) %}
  {%- set known = graph.setdefault('spark9_schemas', {}) -%}
  {%- if database not in known -%}
    {%- do known.update({database: dbt.snowflake__list_schemas(database)}) -%}
  {%- endif -%}
  {% do return(known[database]) %}
{% endmacro %}
