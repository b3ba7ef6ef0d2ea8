{# Dbt-snowflake's hook before each node: tag its statements with client and node.
   Returns: nothing that matters; dbt hands it to snowflake__unset_query_tag().
   Example: called by dbt #}
{% macro snowflake__set_query_tag() %}
  {%- do run_query('alter session set query_tag = ' ~ text_literal(query_tag(model.fqn, model.name))) -%}
  {% do return(none) %}
{% endmacro %}
