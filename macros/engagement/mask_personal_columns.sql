{#
  Purpose: tag columns as personal data and have a masking policy hide them from all roles but those that build, on a warehouse that can
    (mask_columns_ddl).
  Arguments: relation (relation), columns (list of strings).
  Returns: statements (text), or nothing.
  Example: {{ config(post_hook="{{ mask_personal_columns(this, ['email']) }}") }}
#}
{% macro mask_personal_columns(relation, columns) %}{{ mask_columns_ddl(relation, columns) }}{% endmacro %}
