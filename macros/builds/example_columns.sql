{# The mapping of an export that has a column for each core column, one for each other way to write a cell, and each other rule.
   Returns: list of mapping rows, as pending_loads() has them.
   Example: {{ typed_rows_sql('raw_data_staging', [{'load_ids': ['example'], 'columns': example_columns()}], []) }} #}
{% macro example_columns() %}
  {%- set kinds = [] -%}
  {%- for column in core_columns() -%}
    {%- do kinds.append([column.name, column.type, 'iso' if column.type == 'date' else 'plain']) -%}
  {%- endfor -%}
  {%- for name, form in date_formats().items() -%}
    {%- do kinds.append(['day_' ~ name, 'date', name ~ ('=2026-09' if form.yearless else '')]) -%}
  {%- endfor -%}
  {%- for type, form in column_types().items() if form.numeric -%}
    {%- for name in number_formats() -%}{%- do kinds.append([type ~ '_' ~ name, type, name]) -%}{%- endfor -%}
  {%- endfor -%}
  {%- do kinds.extend([
    ['day_range', 'date', 'iso:range'], ['day_week', 'date', 'iso:week'], ['day_swapped', 'date', 'dmy_slash+swapped_iso'],
    ['id_unwrapped', 'id', 'unwrapped'], ['text_clean', 'text', 'clean'], ['text_code', 'text', 'code'],
    ['text_down', 'text', 'text:down'], ['ctr', 'percent', 'point'], ['cpc', 'decimal', 'plain'], ['spend_in_cell', 'decimal', 'point:currency'],
  ]) -%}
  {%- set columns = [] -%}
  {%- for target, type, form in kinds -%}
    {%- do columns.append({
      'ordinal': loop.index, 'column_name': target, 'column_type': type, 'value_format': form, 'is_required': true,
      'default_value': '7' if target in ('conversions', 'percent_plain') else none,
      'mapping_rule': 'core' if target in core_columns() | map(attribute='name') else 'additional', 'target_column': target,
      'is_key': false, 'in_grain': target == 'text_clean',
    }) -%}
  {%- endfor -%}
  {%- for target, type, rule, default in [
    ['impressions', 'integer', 'add', none], ['level', 'text', 'constant', 'ad'], ['saves', 'integer', 'missing', '0'],
  ] -%}
    {%- do columns.append({
      'ordinal': columns | length + 1 if rule == 'add' else none, 'column_name': target, 'column_type': type, 'value_format': 'plain',
      'is_required': false, 'default_value': default, 'mapping_rule': rule, 'target_column': target, 'is_key': false, 'in_grain': false,
    }) -%}
  {%- endfor -%}
  {% do return(columns) %}
{% endmacro %}
