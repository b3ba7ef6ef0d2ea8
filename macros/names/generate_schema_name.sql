{# dbt's hook for schema names. The schema of a model is its plain name, so that a client's tables stand in the client's schema; a target
   whose `schema` is not 'main' puts that value before every name, so that a developer's run touches nobody else's tables. A model without one is in its client's schema where it stands in models/clients/<schema>/, else in marts.
   Arguments: custom_schema_name (string or none), node.
   Returns: a schema name (text).
   Example: client_acme_meta_2024, or sean_client_acme_meta_2024 on a target with `schema: sean` #}
{% macro generate_schema_name(custom_schema_name, node) -%}
  {{ schema_with_prefix(custom_schema_name | trim if custom_schema_name else schema_of_folder(node)) }}
{%- endmacro %}

{# The schema of a node (dbt's) that names none: that of the client whose folder of models/clients/ it stands in, else marts. #}
{% macro schema_of_folder(node) -%}
  {{ node.fqn[2] if node.fqn[1] == 'clients' and node.fqn | length > 3 else 'marts' }}
{%- endmacro %}
