{# Dbt-snowflake's hook before each node: tag the statements of a client's model with the client, so that what a client costs can be read from
   Snowflake's query history (models/snowflake). Tests, and what all clients share, keep the tag of its connection, which the profile gives at sign-on, so
   that it costs no statement. dbt's comment at the end of each statement names the node.
   Returns: nothing that matters; dbt hands it to snowflake__unset_query_tag().
   Example: called by dbt #}
{% macro snowflake__set_query_tag() %}
  {%- set client_schema = client_of_node(model.fqn) if model.resource_type == 'model' else none -%}
  {%- if client_schema is not none -%}
    {%- set tag = tojson({'app': 'spark9', 'target': target.name, 'client_schema': client_schema}) -%}
    {%- do run_query('alter session set query_tag = ' ~ text_literal(tag)) -%}
  {%- endif -%}
  {% do return(none) %}
{% endmacro %}
