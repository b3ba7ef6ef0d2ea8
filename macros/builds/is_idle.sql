{# Whether a build has nothing to do for a client, as look_up_idle_clients found at its start: its models and tests then send no statement.
   Arguments: client_schema (string).
   Returns: bool; false where nothing was looked up.
   Example: {% if is_idle('client_acme_meta_2024') %}...{% endif %} #}
{% macro is_idle(client_schema) %}
  {% do return(graph is defined and client_schema in graph.get('spark9_idle_clients', [])) %}
{% endmacro %}
