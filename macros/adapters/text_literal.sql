{#
  Purpose: the one place where a name, header or value becomes a string literal of SQL.
  Arguments: value (any; none gives `null`).
  Returns: a quoted literal (text) that no content of value can leave.
  Example: where file_name = {{ text_literal(file_name) }}
#}
{% macro text_literal(value) %}
  {%- if value is none -%}null{%- else -%}{{ adapter.dispatch('text_literal', 'spark9')(value) }}{%- endif -%}
{% endmacro %}

{% macro default__text_literal(value) %}{{ unsupported_adapter('text_literal') }}{% endmacro %}

{% macro duckdb__text_literal(value) %}'{{ value | string | replace("'", "''") }}'{% endmacro %}

{#- A backslash begins an escape in Snowflake's literals. -#}
{% macro snowflake__text_literal(value) %}'{{ value | string | replace("\\", "\\\\") | replace("'", "''") }}'{% endmacro %}
