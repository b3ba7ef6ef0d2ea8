{# dbt's hook for table names. Model names must be unique in a project, table names only in a schema: a client model is named
   <client_schema>__<table>, and its table <table>. A test, which may store its failures, keeps its whole name.
   Arguments: custom_alias_name (string or none), node.
   Returns: a table name (text).
   Example: client_acme_meta_2024__wave_quality gives wave_quality #}
{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
  {{ custom_alias_name | trim if custom_alias_name else node.name if node.resource_type == 'test' else node.name.split('__')[-1] }}
{%- endmacro %}
