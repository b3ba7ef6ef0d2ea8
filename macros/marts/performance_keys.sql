{# What the rows of each mart of figures are added up by, within a client: what one looks a row of the mart up by. performance_by_day has
   date_start as date_day, and spreads a row of several days.
   Returns: mapping mart -> list of columns of processed_campaign_data.
   Example: {% for key in performance_keys().campaign_performance %}{{ key }}, {% endfor %} #}
{% macro performance_keys() %}
  {% do return({
    'campaign_performance': [
      'wave_number', 'wave_name', 'campaign_id', 'campaign_name', 'ad_set_id', 'ad_set_name', 'currency', 'conversion_type',
    ],
    'performance_by_day': [
      'date_start', 'campaign_id', 'campaign_name', 'ad_set_id', 'ad_set_name', 'ad_id', 'ad_name', 'level', 'currency',
      'conversion_type',
    ],
  }) %}
{% endmacro %}
