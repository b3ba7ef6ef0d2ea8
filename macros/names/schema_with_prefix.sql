{#
  Purpose: the name that a schema has on the current target; the one rule of developers' prefixes.
  Arguments: schema_name (string).
  Returns: a schema name (text).
  Example: {{ schema_with_prefix('client_acme_meta_2024') }}
#}
{% macro schema_with_prefix(schema_name) -%}
  {{ schema_name if target.schema == 'main' else target.schema ~ '_' ~ schema_name }}
{%- endmacro %}
