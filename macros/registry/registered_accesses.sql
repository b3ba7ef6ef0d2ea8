{# Generated from seeds/client_access.csv by `spark9 client grant`; do not edit (`spark9 client check` compares).
   Who may use which client's schema, for the audit of roles and grants.
   Returns: list of {client_schema, user_name, access}, by schema and user.
   Example: {% for entry in registered_accesses() %}{{ entry.user_name }}{% endfor %} #}
{% macro registered_accesses() %}
  {% do return([
    {'client_schema': 'client_caterpillar_meta_2024', 'user_name': 'sean@sparkno9.com', 'access': 'owner'},
  ]) %}
{% endmacro %}
