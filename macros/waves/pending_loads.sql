{# What the next build of a client has to flatten: the loads whose rows are not processed yet (all loads in a full refresh), with the
   mapping of their columns.
   Arguments: client_schema (string).
   Returns: list of groups {load_ids, columns}: loads with one and the same mapping share a group, so that they are flattened by one select.
     Empty when nothing is pending, and while dbt parses. Unit tests override it.
   Example: {% for group in pending_loads('client_acme_meta_2024') %}...{% endfor %} #}
{% macro pending_loads(client_schema) %}
  {%- set staging = source(client_schema, 'raw_data_staging') -%}
  {%- set mapping = source(client_schema, 'wave_schema_mapping') -%}
  {%- if not execute or not load_relation(staging) -%}
    {% do return([]) %}
  {%- endif -%}
  {%- set query -%}
    select
      load_id, ordinal, column_name, column_type, value_format, is_required, default_value, mapping_rule,
      target_column, is_key, in_grain
    from {{ mapping }}
    {% if is_incremental() -%}
    where load_id in (select distinct load_id from {{ staging }} where not processed_flag)
    {%- endif %}
    order by load_id, ordinal nulls last, target_column, column_name
  {%- endset -%}
  {%- set columns_by_load = {} -%}
  {%- for row in run_query(query).rows -%}
    {%- do columns_by_load.setdefault(row[0], []).append({
      'ordinal': none if row[1] is none else row[1] | int,
      'column_name': row[2],
      'column_type': row[3],
      'value_format': row[4],
      'is_required': row[5],
      'default_value': row[6],
      'mapping_rule': row[7],
      'target_column': row[8],
      'is_key': row[9],
      'in_grain': row[10],
    }) -%}
  {%- endfor -%}
  {%- set groups = {} -%}
  {%- for load_id, columns in columns_by_load.items() -%}
    {%- do groups.setdefault(tojson(columns), {'load_ids': [], 'columns': columns}).load_ids.append(load_id) -%}
  {%- endfor -%}
  {% do return(groups.values() | list) %}
{% endmacro %}
