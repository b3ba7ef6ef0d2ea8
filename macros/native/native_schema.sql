{# The schema that holds procedures, tasks and the dbt project object.
   Returns: its name with the database's (string).
   Example: create schema {{ native_schema() }} #}
{% macro native_schema() %}
  {% do return(target.database ~ '.native') %}
{% endmacro %}
