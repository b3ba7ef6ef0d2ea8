{# dbt's hook for table names. Model names must be unique in a project, table names only in a schema: a model that is named
   <schema>__<table>, for the schema that it is configured for, has the table <table>. Any other name is kept whole, and a version of a
   model has its number behind it, as dbt has it.
   Arguments: custom_alias_name (string or none), node.
   Returns: a table name (text). Raises an error for a model that would replace a table of the loader.
   Example: client_acme_meta_2024__wave_quality of the schema client_acme_meta_2024 gives wave_quality; stg_meta__campaigns of the schema
     staging stays as it is; version 2 of it gives stg_meta__campaigns_v2 #}
{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
  {%- set schema = node.config.schema or client_of_node(node.fqn) or 'marts' -%}
  {%- set prefix = schema ~ '__' -%}
  {%- set alias = custom_alias_name | trim if custom_alias_name else node.name[prefix | length:] if node.name.startswith(prefix) else node.name -%}
  {%- if schema.startswith('client_') and alias | lower in loader_tables() -%}
    {%- do exceptions.raise_compiler_error("the model '" ~ node.name ~ "' would replace the loader's table " ~ schema ~ '.' ~ alias ~ '; give it another name') -%}
  {%- endif -%}
  {{ alias }}{{ '_v' ~ (node.version | string | replace('.', '_')) if node.version and not custom_alias_name }}
{%- endmacro %}
