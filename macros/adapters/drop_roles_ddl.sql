{#
  Purpose: the statements that drop a client's roles; nothing where the warehouse has none.
  Arguments: schema_name (string).
  Returns: statements (text), each ended by a semicolon, or nothing.
  Example: {{ drop_roles_ddl('client_acme_meta_2024') }}
#}
{% macro drop_roles_ddl(schema_name) %}{{ adapter.dispatch('drop_roles_ddl', 'spark9')(schema_name) }}{% endmacro %}

{% macro default__drop_roles_ddl(schema_name) %}{{ unsupported_adapter('drop_roles_ddl') }}{% endmacro %}

{% macro duckdb__drop_roles_ddl(schema_name) %}{% endmacro %}

{% macro snowflake__drop_roles_ddl(schema_name) %}
{%- if keeps_roles() %}
drop role if exists {{ client_role(schema_name, 'owner') }};

drop role if exists {{ client_role(schema_name, 'reader') }};
{%- endif %}
{% endmacro %}
