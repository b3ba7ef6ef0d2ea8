{#
  Purpose: the schemas of an area that has feeds, without a target's prefix: of its raw rows and logs, of what is built from them, and of
    what analysts read.
  Arguments: area (string).
  Returns: mapping: raw, built, marts.
  Example: {{ area_schemas('engagement').raw }} gives engagement_raw
#}
{% macro area_schemas(area) %}
  {%- if area == 'customer_360' -%}
    {% do return({'raw': 'bronze', 'built': 'silver', 'marts': 'gold'}) %}
  {%- endif -%}
  {% do return({'raw': area ~ '_raw', 'built': area, 'marts': area ~ '_marts'}) %}
{% endmacro %}
