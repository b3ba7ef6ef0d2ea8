{# The functions of a schema, which dbt asks for whenever it lists tables. The project has no dbt functions, so one empty answer does for all
   schemas of a run.
   Arguments: schema_relation (relation, or string).
   Returns: a table (agate) without rows.
   Example: called by dbt #}
{% macro snowflake__list_function_relations_without_caching(schema_relation) %}
  {%- if 'spark9_no_functions' not in graph -%}
    {%- do graph.update({'spark9_no_functions': dbt.snowflake__list_function_relations_without_caching(schema_relation).limit(0)}) -%}
  {%- endif -%}
  {% do return(graph['spark9_no_functions']) %}
{% endmacro %}
