{# How many rows the merged facts of a run took in, as far as the warehouse tells; of a block it does not.
   Arguments: results (list of dbt's results of models).
   Returns: a number, or null (text).
   Example: {{ changed_rows(models) }} #}
{% macro changed_rows(results) -%}
  {%- set rows = namespace(count=none) -%}
  {%- for result in results if result.node.name.startswith('fact_') and result.node.config.get('incremental_strategy') == 'merge' and result.adapter_response.get('rows_affected', -1) | int >= 0 -%}
    {%- set rows.count = (rows.count or 0) + result.adapter_response.get('rows_affected') | int -%}
  {%- endfor -%}
  {{- rows.count if rows.count is not none else 'null' -}}
{%- endmacro %}
