{# The schema in which the loader's tables of a client stand: production's, whatever the target is, so that any target builds from the same
   raw rows. The var raw_schema_prefix names another place.
   Arguments: client_schema (string).
   Returns: a schema name (text). Raises an error when the prefix is no plain name.
   Example: {{ raw_schema('client_acme_meta_2024') }} #}
{% macro raw_schema(client_schema) -%}
  {%- set prefix = var('raw_schema_prefix') -%}
  {%- if prefix and not modules.re.fullmatch('[A-Za-z][A-Za-z0-9_]*', prefix) -%}
    {%- do exceptions.raise_compiler_error("the var raw_schema_prefix '" ~ prefix ~ "' is not a valid name: letters, digits and underscores, starting with a letter") -%}
  {%- endif -%}
  {{ prefix | lower ~ client_schema }}
{%- endmacro %}
