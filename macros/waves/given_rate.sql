{# A rate that the platform gives beside its own operands, brought to one unit.
   Arguments: target ('ctr' or 'cpc'), columns (list of mapping rows of one load).
   Returns: a numeric expression (text); null where the export has no such column. CTR comes in per cent: a column with per cent signs is
     parsed to a ratio and multiplied by 100, one without is taken to be per cent already, as Meta writes it. Null also where figures are
     added up, since the rate is of one of them.
   Example: {{ given_rate('ctr', group.columns) }} as given_ctr #}
{% macro given_rate(target, columns) -%}
  {%- set found = [] -%}
  {%- set are_added = columns | selectattr('mapping_rule', 'equalto', 'add') | list -%}
  {%- for column in columns if not are_added and column.target_column == target and column.ordinal is not none and column.mapping_rule != 'ignore' -%}
    {%- if column.column_type == 'percent' -%}
      {%- do found.append('100 * ' ~ value_of(column)) -%}
    {%- elif column_types()[column.column_type].numeric -%}
      {%- do found.append(value_of(column)) -%}
    {%- endif -%}
  {%- endfor -%}
  cast({{ found[0] if found else 'null' }} as decimal(18, 6))
{%- endmacro %}
