{# The schema of customer 360's raw tables, procedures, stream and tasks, with its database: all tasks of a graph stand in one schema.
   Returns: a name (text).
   Example: execute task {{ bronze_schema() }}.generate_customer_data #}
{% macro bronze_schema() %}
  {% do return(target.database ~ '.' ~ (raw_schema('bronze') | trim)) %}
{% endmacro %}
