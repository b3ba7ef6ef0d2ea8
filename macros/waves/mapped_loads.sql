{# The loads of a client by what their columns are.
   Arguments: mapping (relation wave_schema_mapping), condition (text): which of its rows.
   Returns: list of groups {load_ids, columns}: the loads with one and the same mapping, and its rows.
   Example: {% for group in mapped_loads(source(schema, 'wave_schema_mapping'), 'wave_number = 2') %}...{% endfor %} #}
{% macro mapped_loads(mapping, condition) %}
  {%- set query -%}
    select
      load_id, ordinal, column_name, column_type, value_format, is_required, default_value, mapping_rule,
      target_column, is_key, in_grain
    from {{ mapping }}
    where {{ condition }}
    order by load_id, ordinal nulls last, target_column, column_name
  {%- endset -%}
  {%- set columns_by_load = {} -%}
  {%- for row in run_query(query).rows -%}
    {%- set columns = columns_by_load.setdefault(row[0], []) -%}
    {%- set is_first = row[8] not in columns | map(attribute='target_column') -%}
    {%- do columns.append({
      'name': row[8] if is_first else row[8] ~ '__' ~ (row[1] or 0) | int,
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
