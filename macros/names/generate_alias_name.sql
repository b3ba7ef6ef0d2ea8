{# dbt's hook for table names. Model names must be unique in a project, table names only in a schema: a model that is named
   <schema>__<table>, for the schema that it is configured for, has the table <table>. Any other name is kept whole, and a version of a
   model has its number behind it, as dbt has it.
   Arguments: custom_alias_name (string or none), node.
   Returns: a table name (text).
   Example: client_acme_meta_2024__wave_quality of the schema client_acme_meta_2024 gives wave_quality; stg_meta__campaigns of the schema
     staging stays as it is; version 2 of it gives stg_meta__campaigns_v2 #}
{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
  {%- set prefix = (node.config.schema or schema_of_folder(node) | trim) ~ '__' -%}
  {%- if custom_alias_name -%}
  {{ custom_alias_name | trim }}
  {%- else -%}
  {{ node.name[prefix | length:] if node.name.startswith(prefix) else node.name }}{{ '_v' ~ (node.version | string | replace('.', '_')) if node.version }}
  {%- endif -%}
{%- endmacro %}
