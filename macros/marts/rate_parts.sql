{# Which two sums each rate of campaigns divides, once for marts and web pages.
   Returns: list of {name, factor, over, under}: the rate is factor * sum(over) / sum(under), each of the clients that report both.
   Example: {% for rate in rate_parts() %}{{ rate.over }} by {{ rate.under }}{% endfor %} #}
{% macro rate_parts() %}
  {% do return([
    {'name': 'ctr_percent', 'factor': 100, 'over': 'clicks', 'under': 'impressions'},
    {'name': 'cpc', 'factor': 1, 'over': 'amount_spent', 'under': 'clicks'},
    {'name': 'cpm', 'factor': 1000, 'over': 'amount_spent', 'under': 'impressions'},
    {'name': 'roas', 'factor': 1, 'over': 'conversion_value', 'under': 'amount_spent'},
  ]) %}
{% endmacro %}
