{# Generated from seeds/clients.csv by `spark9 client add`; do not edit (`spark9 client check` compares).
   The archived clients of the registry, which are not built but keep their tables.
   Returns: list of {client_schema, client, platform, year, restatement, overlap}, by schema.
   Example: {% for entry in archived_clients() %}{{ entry.client_schema }}{% endfor %} #}
{% macro archived_clients() %}
  {% do return([
  ]) %}
{% endmacro %}
