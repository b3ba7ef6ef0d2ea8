{# What CTR, CPC, CPM and ROAS are, once for marts and web pages: each is computed from sums, never averaged, and from clients that report
   both of them: spend of a client that reports no conversion value is no part of ROAS.
   Arguments: totals (string): the relation with the sums; empty for none. paired (bool): false where a row is of one client, with
     impressions, clicks, amount_spent and conversion_value; true where it is of several, with the sums of the clients that report both as
     <rate>_over and <rate>_under (see rate_parts).
   Returns: list of [name, expression].
   Example: {% for name, expression in performance_rates('totals') %}{{ expression }} as {{ name }}{% endfor %} #}
{% macro performance_rates(totals='', paired=false) %}
  {%- set of = totals ~ '.' if totals else '' -%}
  {%- set rates = [] -%}
  {%- for rate in rate_parts() -%}
    {%- set over = of ~ (rate.name ~ '_over' if paired else rate.over) -%}
    {%- set under = of ~ (rate.name ~ '_under' if paired else rate.under) -%}
    {%- set quotient = rate.factor ~ ' * cast(' ~ over ~ ' as double) / nullif(' ~ under ~ ', 0)' -%}
    {%- do rates.append([rate.name, 'cast(' ~ quotient ~ ' as decimal(18, 4))']) -%}
  {%- endfor -%}
  {% do return(rates) %}
{% endmacro %}
