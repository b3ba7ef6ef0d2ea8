{# Generated from seeds/clients.csv by `spark9 client add`; do not edit (`spark9 client check` compares).
   The active clients of the registry, known while dbt parses, so that marts refer to each client's models.
   Returns: list of {client_schema, client, platform, year, restatement, overlap}, by schema.
   Example: {% for entry in registered_clients() %}{{ entry.client_schema }}{% endfor %} #}
{% macro registered_clients() %}
  {% do return([
    {'client_schema': 'client_caterpillar_meta_2024', 'client': 'caterpillar', 'platform': 'meta', 'year': 2024, 'restatement': 'supersede', 'overlap': 'finest'},
    {'client_schema': 'client_nike_linkedin_2024', 'client': 'nike', 'platform': 'linkedin', 'year': 2024, 'restatement': 'supersede', 'overlap': 'finest'},
    {'client_schema': 'client_startup_meta_2024', 'client': 'startup', 'platform': 'meta', 'year': 2024, 'restatement': 'supersede', 'overlap': 'finest'},
  ]) %}
{% endmacro %}
