{# Dbt's comparison of a model with its contract, which is two queries a model: on Snowflake in the nightly run. In any run the table is made
   with the columns and types of its contract, selected by name, so a column that is missing stops it.
   Arguments: sql (text): the model.
   Returns: nothing; raises an error that lists the differences.
   Example: called by dbt #}
{% macro snowflake__get_assert_columns_equivalent(sql) %}
  {%- if var('nightly') -%}{{ return(assert_columns_equivalent(sql)) }}{%- endif -%}
{% endmacro %}
