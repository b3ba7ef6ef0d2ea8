{# The schemas of the registry.
   Returns: list of strings.
   Example: {% for client_schema in registered_client_schemas() %}{{ client_schema }}{% endfor %} #}
{% macro registered_client_schemas() %}
  {% do return(registered_clients() | map(attribute='client_schema') | list) %}
{% endmacro %}
