{#
  Purpose: let the statements of a model's hook take effect together. dbt-duckdb runs hooks inside the model's own
    transaction, dbt-snowflake runs each statement by itself.
  Arguments: statements (text, each ended by a semicolon).
  Returns: statements (text).
  Example: {{ in_transaction("insert ...; update ...;") }}
#}
{% macro in_transaction(statements) %}{{ adapter.dispatch('in_transaction', 'spark9')(statements) }}{% endmacro %}

{% macro default__in_transaction(statements) %}{{ unsupported_adapter('in_transaction') }}{% endmacro %}

{% macro duckdb__in_transaction(statements) %}{{ statements }}{% endmacro %}

{% macro snowflake__in_transaction(statements) %}
begin;
{{ statements }}
commit;
{% endmacro %}
