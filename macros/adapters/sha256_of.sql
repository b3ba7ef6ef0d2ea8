{#
  Purpose: the SHA-256 of a text, in lower-case hexadecimal digits.
  Arguments: expression (SQL text expression).
  Returns: a text expression (text).
  Example: {{ sha256_of('lower(trim(email))') }} as email_hash
#}
{% macro sha256_of(expression) %}{{ adapter.dispatch('sha256_of', 'spark9')(expression) }}{% endmacro %}

{% macro default__sha256_of(expression) %}{{ unsupported_adapter('sha256_of') }}{% endmacro %}

{% macro duckdb__sha256_of(expression) %}sha256({{ expression }}){% endmacro %}

{% macro snowflake__sha256_of(expression) %}sha2({{ expression }}, 256){% endmacro %}
