{# The views that are shared: those of areas/customer_360/models/customer_360/insights.
   Returns: list of names.
   Example: {% for view in customer_360_shared_views() %}{{ view }}{% endfor %} #}
{% macro customer_360_shared_views() %}
  {% do return(['segment_insights', 'state_insights', 'month_insights', 'category_insights']) %}
{% endmacro %}
