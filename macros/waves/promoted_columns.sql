{# The columns that a person has given a typed column of their own (mapping_rule 'promote').
   Arguments: client_schema (string).
   Returns: list of {name, type}, in alphabetical order, over all waves of the client, so that every build of the client has the same
     columns. Empty while dbt parses. Unit tests override it.
   Example: {% for column in promoted_columns('client_acme_meta_2024') %}{{ column.name }}{% endfor %} #}
{% macro promoted_columns(client_schema) %}
  {%- set mapping = source(client_schema, 'wave_schema_mapping') -%}
  {%- if not execute or not client_has_tables(client_schema) or is_idle(client_schema) -%}
    {% do return([]) %}
  {%- endif -%}
  {%- set query -%}
    select target_column, max(column_type)
    from {{ mapping }}
    where mapping_rule = 'promote'
    group by target_column
    order by target_column
  {%- endset -%}
  {%- set known = graph.setdefault('spark9_promoted', {}) if graph is defined else {} -%}
  {%- if client_schema in known -%}{% do return(known[client_schema]) %}{%- endif -%}
  {%- set columns = [] -%}
  {%- for row in run_query(query).rows -%}
    {%- do columns.append({'name': row[0], 'type': row[1]}) -%}
  {%- endfor -%}
  {%- do known.update({client_schema: columns}) -%}
  {% do return(columns) %}
{% endmacro %}
