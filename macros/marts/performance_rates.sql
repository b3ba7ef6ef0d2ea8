{#
  Purpose: what CTR, CPC, CPM and ROAS are, once for marts and web pages: each is computed from sums, never averaged.
  Arguments: totals (string: the relation with impressions, clicks, amount_spent and conversion_value; empty for none).
  Returns: list of [name, expression].
  Example: {% for name, expression in performance_rates('totals') %}{{ expression }} as {{ name }}{% endfor %}
#}
{% macro performance_rates(totals='') %}
  {%- set of = totals ~ '.' if totals else '' -%}
  {% do return([
    ['ctr_percent', 'cast(100 * cast(' ~ of ~ 'clicks as double) / nullif(' ~ of ~ 'impressions, 0) as decimal(18, 4))'],
    ['cpc', 'cast(cast(' ~ of ~ 'amount_spent as double) / nullif(' ~ of ~ 'clicks, 0) as decimal(18, 4))'],
    ['cpm', 'cast(1000 * cast(' ~ of ~ 'amount_spent as double) / nullif(' ~ of ~ 'impressions, 0) as decimal(18, 4))'],
    ['roas', 'cast(cast(' ~ of ~ 'conversion_value as double) / nullif(' ~ of ~ 'amount_spent, 0) as decimal(18, 4))'],
  ]) %}
{% endmacro %}
