{# The condition that a row belongs to one of some loads.
   Arguments: loads (list of load_ids, or none for all), column (string).
   Returns: a condition (text).
   Example: where {{ of_loads(loads_to_test(client_schema)) }} #}
{% macro of_loads(loads, column='load_id') -%}
  {%- if loads is none -%}
  1 = 1
  {%- elif not loads -%}
  1 = 0
  {%- else -%}
  {{ column }} in ({% for load_id in loads %}{{ text_literal(load_id) }}{{ ", " if not loop.last }}{% endfor %})
  {%- endif -%}
{%- endmacro %}
