{# A table that the loader writes for a client, for models and tests; without rows where the client was never onboarded.
   Arguments: client_schema (string), table (string): one of loader_tables().
   Returns: the relation, or a subquery (text) with the table's columns and no row.
   Example: select * from {{ client_source('client_acme_meta_2024', 'naming_keys') }} as naming_keys #}
{% macro client_source(client_schema, table) %}
  {%- set relation = source(client_schema, table) -%}
  {%- if client_has_tables(client_schema) -%}{% do return(relation) %}{%- endif -%}
  {%- set columns = [] -%}
  {%- for name, type, required in loader_tables()[table] -%}
    {%- do columns.append('cast(null as ' ~ type ~ ') as ' ~ name) -%}
  {%- endfor -%}
  {% do return('(select ' ~ columns | join(', ') ~ ' where false)') %}
{% endmacro %}
