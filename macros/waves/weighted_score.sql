{# The weighted mean of parts of the score, by the dbt var quality_weights; only the ratios of the weights matter.
   Arguments: parts (list of column names that are parts of the score).
   Returns: an expression (text), a decimal from 0 to 1 with four places.
   Example: {{ weighted_score(row_parts()) }} as data_quality_score #}
{% macro weighted_score(parts) -%}
  {%- set weights = var('quality_weights') -%}
  {%- set weighted = [] -%}
  {%- set sum_of_weights = [] -%}
  {%- for part in parts -%}
    {%- do weighted.append(weights[part] ~ ' * ' ~ part) -%}
    {%- do sum_of_weights.append(weights[part]) -%}
  {%- endfor -%}
  cast(({{ weighted | join(' + ') }}) / ({{ sum_of_weights | join(' + ') }}) as decimal(5, 4))
{%- endmacro %}
