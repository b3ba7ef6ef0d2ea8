{# A select of all rows that `relation` held at `back_to` (string, a time in UTC). DuckDB keeps no earlier state: `spark9 undo` reads
   a backup there, and never asks for this. #}
{% macro select_at(relation, back_to) %}{{ adapter.dispatch('select_at', 'spark9')(relation, back_to) }}{% endmacro %}
{% macro duckdb__select_at(relation, back_to) %}{{ exceptions.raise_compiler_error("DuckDB keeps no earlier state of " ~ relation ~ "; take it from a backup: spark9 undo CLIENT --from TARGET") }}{% endmacro %}
{% macro snowflake__select_at(relation, back_to) -%}
  select * from {{ relation }} at (timestamp => {{ text_literal(back_to ~ ' +0000') }}::timestamp_tz)
{%- endmacro %}

{# The statement that brings a dropped `schema_name` back with all that was in it, within the days of Time Travel. #}
{% macro undrop_schema_ddl(schema_name) %}{{ adapter.dispatch('undrop_schema_ddl', 'spark9')(schema_name) }}{% endmacro %}
{% macro duckdb__undrop_schema_ddl(schema_name) %}{{ exceptions.raise_compiler_error("DuckDB keeps no dropped schema such as " ~ schema_name ~ "; take it from a backup: spark9 undo CLIENT --from TARGET") }}{% endmacro %}
{% macro snowflake__undrop_schema_ddl(schema_name) %}undrop schema {{ schema_name }};{% endmacro %}

{# The statements that keep a copy of the database and of the account's roles and users in another region, and those that move to it.
   `name` (string) is the group's, `accounts` a list such as ['agency.dr'], `minutes` how often it is copied. #}
{% macro failover_group_ddl(name, accounts, minutes) %}{{ adapter.dispatch('failover_group_ddl', 'spark9')(name, accounts, minutes) }}{% endmacro %}
{% macro duckdb__failover_group_ddl(name, accounts, minutes) %}{{ exceptions.raise_compiler_error("DuckDB has no failover group " ~ name ~ " to " ~ accounts ~ " each " ~ minutes ~ " minutes; schedule spark9 backup to a bucket in another region") }}{% endmacro %}
{% macro snowflake__failover_group_ddl(name, accounts, minutes) %}
create failover group if not exists {{ name }}
    object_types = databases, roles, users, warehouses, resource monitors
    allowed_databases = {{ target.database }}
    allowed_accounts = {{ accounts | join(', ') }}
    replication_schedule = '{{ minutes }} MINUTE';
{% endmacro %}
