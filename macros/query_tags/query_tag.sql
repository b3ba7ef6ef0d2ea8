{# What each statement of a build carries in Snowflake's query history: client and node, so that what a client costs can be read from there
   (models/snowflake).
   Arguments: fqn (list: the node's path; client nodes stand in models/clients/<client_schema>), name (string: the node).
   Returns: JSON text of app, target, client_schema (null for what all clients share) and node.
   Example: alter session set query_tag = {{ text_literal(query_tag(model.fqn, model.name)) }} #}
{% macro query_tag(fqn, name) %}
  {%- set client_schema = fqn[2] if fqn | length > 3 and fqn[1] == 'clients' else none -%}
  {% do return(tojson({'app': 'spark9', 'target': target.name, 'client_schema': client_schema, 'node': name})) %}
{% endmacro %}
