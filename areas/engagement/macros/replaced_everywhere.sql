{#
  Purpose: a text with every match of a pattern replaced.
  Arguments: expression (SQL text expression), pattern (regular expression in the part that RE2 and POSIX share), replacement (string).
  Returns: a text expression (text).
  Example: {{ replaced_everywhere('lower(campaign_name)', '[^a-z0-9]+', '_') }}
#}
{% macro replaced_everywhere(expression, pattern, replacement) %}{{ adapter.dispatch('replaced_everywhere', 'spark9')(expression, pattern, replacement) }}{% endmacro %}

{% macro default__replaced_everywhere(expression, pattern, replacement) %}{{ unsupported_adapter('replaced_everywhere') }}{% endmacro %}

{% macro duckdb__replaced_everywhere(expression, pattern, replacement) %}regexp_replace({{ expression }}, {{ text_literal(pattern) }}, {{ text_literal(replacement) }}, 'g'){% endmacro %}

{% macro snowflake__replaced_everywhere(expression, pattern, replacement) %}regexp_replace({{ expression }}, {{ text_literal(pattern) }}, {{ text_literal(replacement) }}){% endmacro %}
