{# The schemas of an area that has feeds, without a target's prefix: of its raw rows and logs, of what is built from them, and of what
   analysts read. Named after the area, unless its var has `schemas`.
   Arguments: area (string).
   Returns: mapping: raw, built, marts.
   Example: {{ area_schemas('engagement').raw }} gives engagement_raw #}
{% macro area_schemas(area) %}
  {% do return(var(area, {}).get('schemas') or {'raw': area ~ '_raw', 'built': area, 'marts': area ~ '_marts'}) %}
{% endmacro %}
