{# The value of one target column of a row: the first filled header of those mapped to it, else its default where their cells are
   empty (a default never covers what can't be read); then what is added to it. A row ends where its own column says so, else where the
   period of its first day ends; its currency can stand beside its spend.
   Arguments: target (string), column_type (a key of column_types()). columns (list of mapping rows of one load).
   Returns: an expression (text) of the type's SQL type, over the values, ends and currencies of typed_load_ctes().
   Example: {{ target_expression('clicks', 'integer', group.columns) }} #}
{% macro target_expression(target, column_type, columns) -%}
  {%- set candidates = [] -%}
  {%- set defaults = [] -%}
  {%- set added = [] -%}
  {%- set empty = [] -%}
  {%- for column in columns if column.target_column == target and column.mapping_rule == 'add' and column.ordinal is not none -%}
    {%- do added.append(value_of(column)) -%}
  {%- endfor -%}
  {%- for column in columns if column.target_column == target and column.mapping_rule not in ('ignore', 'retired', 'add') -%}
    {%- if column.ordinal is not none -%}
      {%- do candidates.append(value_of(column)) -%}
      {%- set cell = part_of(column, 'cell') -%}
      {%- if column.column_type not in ('text', 'id') -%}{%- do empty.append('(' ~ cell ~ ' is null or ' ~ is_empty_value(cell) ~ ')') -%}{%- endif -%}
    {%- endif -%}
    {%- if column.default_value is not none -%}
      {%- do defaults.append(parse_cell(text_literal(column.default_value), column_type, default_format(column_type))) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- if target == 'date_end' -%}
    {%- for column in columns if names_a_period(column) -%}
      {%- do candidates.append(part_of(column, 'end')) -%}
    {%- endfor -%}
  {%- endif -%}
  {%- if target == 'currency' -%}
    {%- for column in columns if names_a_currency(column) -%}
      {%- do candidates.append(part_of(column, 'currency')) -%}
    {%- endfor -%}
  {%- endif -%}
  {%- set default = defaults[:1] -%}
  {%- if defaults and empty -%}{%- set default = ['case when ' ~ empty | join(' and ') ~ ' then ' ~ defaults[0] | trim ~ ' end'] -%}{%- endif -%}
  {%- set values = candidates + default -%}
  {%- if added and values -%}
    {%- set parts = ['coalesce(' ~ (values + ['0']) | join(', ') ~ ')'] -%}
    {%- for value in added -%}{%- do parts.append('coalesce(' ~ value ~ ', 0)') -%}{%- endfor -%}
  cast(case when coalesce({{ (values + added) | join(', ') }}) is not null then {{ parts | join(' + ') }} end as {{ column_types()[column_type].sql }})
  {%- elif not values -%}
  cast(null as {{ column_types()[column_type].sql }})
  {%- else -%}
  cast({{ values[0] if values | length == 1 else 'coalesce(' ~ values | join(', ') ~ ')' }} as {{ column_types()[column_type].sql }})
  {%- endif -%}
{%- endmacro %}
