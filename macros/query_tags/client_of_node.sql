{# The client that a node belongs to.
   Arguments: fqn (list: the node's path; client nodes stand in models/clients/<client_schema>).
   Returns: its client_schema (string); none for what all clients share.
   Example: {% set client_schema = client_of_node(model.fqn) %} #}
{% macro client_of_node(fqn) %}
  {% do return(fqn[2] if fqn | length > 3 and fqn[1] == 'clients' and fqn[2].startswith('client_') else none) %}
{% endmacro %}
