{# The schemas that all clients share: marts, and registry for the seeds. The transformer writes them, analysts, developers and the loader read
   them, no client's role sees them.
   Returns: statements (text), each ended by a semicolon.
   Example: {{ shared_schemas_ddl() }} #}
{% macro shared_schemas_ddl() %}
{%- for schema in ['marts', 'registry'] %}
{%- set name = target.database ~ '.' ~ schema %}
create schema if not exists {{ name }} with managed access;
grant usage, create table, create view on schema {{ name }} to role {{ functional_role('transformer') }};
{%- for reader in ['analyst', 'developer', 'loader'] %}
grant usage on schema {{ name }} to role {{ functional_role(reader) }};
{%- for kind in ['tables', 'views'] %}
grant select on all {{ kind }} in schema {{ name }} to role {{ functional_role(reader) }};
grant select on future {{ kind }} in schema {{ name }} to role {{ functional_role(reader) }};
{%- endfor %}
{%- endfor %}
{%- endfor %}
{% endmacro %}
