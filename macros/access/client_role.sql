{# The name of a client's role: <schema>_role for owners (all on its tables), <schema>_reader for readers.
   Arguments: schema_name (string), access ('owner' or 'reader').
   Returns: a role name (string).
   Example: {{ client_role('client_acme_meta_2024', 'reader') }} #}
{% macro client_role(schema_name, access) %}
  {% do return(schema_name ~ {'owner': '_role', 'reader': '_reader'}[access]) %}
{% endmacro %}
