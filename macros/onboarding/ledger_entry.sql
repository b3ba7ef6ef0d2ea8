{# A row as a JSON object of texts, so that each value comes back as it was, whatever its type.
   Arguments: columns (list of names).
   Returns: a SQL expression (text).
   Example: select {{ ledger_entry(['load_id', 'wave_number']) }} as entry from raw_data_staging #}
{% macro ledger_entry(columns) %}
  {%- set pairs = [] -%}
  {%- for column in columns -%}{%- do pairs.append([column, 'cast(' ~ column ~ ' as varchar)']) -%}{%- endfor -%}
  {{ json_object(pairs) }}
{%- endmacro %}
