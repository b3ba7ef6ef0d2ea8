{# The name that a schema has on the current target; the one rule of developers' prefixes.
   Arguments: schema_name (string).
   Returns: a schema name (text). Raises an error when the target's prefix is no plain name, such as 'sean.smith'.
   Example: {{ schema_with_prefix('client_acme_meta_2024') }} #}
{% macro schema_with_prefix(schema_name) -%}
  {%- if not modules.re.fullmatch('[A-Za-z][A-Za-z0-9_]*', target.schema) -%}
    {%- do exceptions.raise_compiler_error("the schema prefix '" ~ target.schema ~ "' of target '" ~ target.name ~ "' is not a valid name: letters, digits and underscores, starting with a letter") -%}
  {%- endif -%}
  {{ schema_name if target.schema == 'main' else target.schema | lower ~ '_' ~ schema_name }}
{%- endmacro %}
