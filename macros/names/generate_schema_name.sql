{# dbt's hook for schema names. The schema of a model is its plain name, so that a client's tables stand in the client's schema; a target
   whose `schema` is not 'main' puts that value before every name, so that a developer's run touches nobody else's tables. A model
   that names none is in its client's schema where it stands in models/clients/<schema>/, else in marts.
   Arguments: custom_schema_name (string or none), node.
   Returns: a schema name (text).
   Example: client_acme_meta_2024, or sean_client_acme_meta_2024 on a target with `schema: sean` #}
{% macro generate_schema_name(custom_schema_name, node) -%}
  {{ schema_with_prefix(custom_schema_name | trim if custom_schema_name else client_of_node(node.fqn) or 'marts') }}
{%- endmacro %}
