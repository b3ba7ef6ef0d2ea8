{#
  Purpose: have statements run by the role that owns client schemas and their roles, and go back to the target's role.
  Arguments: statements (text, each ended by a semicolon).
  Returns: statements (text); the same ones where the warehouse has no roles, or the target keeps none.
  Example: {{ as_admin(client_schema_ddl('client_acme_meta_2024')) }}
#}
{% macro as_admin(statements) %}{{ adapter.dispatch('as_admin', 'spark9')(statements) }}{% endmacro %}

{% macro default__as_admin(statements) %}{{ unsupported_adapter('as_admin') }}{% endmacro %}

{% macro duckdb__as_admin(statements) %}{{ statements }}{% endmacro %}

{% macro snowflake__as_admin(statements) %}
{%- if keeps_roles() %}
use role {{ functional_role('admin') }};
{{ statements }}
{%- if target.role %}
use role {{ target.role }};
{%- endif %}
{%- else -%}
{{ statements }}
{%- endif %}
{% endmacro %}
