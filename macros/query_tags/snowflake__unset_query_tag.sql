{# Dbt-snowflake's hook after each node: back to the tag of the connection, after a client's node.
   Arguments: original_query_tag (what snowflake__set_query_tag() returned; not used).
   Returns: nothing.
   Example: called by dbt #}
{% macro snowflake__unset_query_tag(original_query_tag) %}
  {%- if model.resource_type == 'model' and client_of_node(model.fqn) is not none -%}
    {%- do run_query('alter session set query_tag = ' ~ text_literal(target.query_tag or '')) -%}
  {%- endif -%}
{% endmacro %}
