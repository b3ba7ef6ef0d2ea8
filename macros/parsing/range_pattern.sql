{# How a cell looks that gives a first and a last day, as in '9/1/26–9/7/26' or '1. Sept. 2026 bis 7. Sept. 2026'.
   Arguments: base (a key of date_formats() that has `ranges`).
   Returns: a pattern of the whole cell (string).
   Example: {{ range_pattern('iso') }} #}
{% macro range_pattern(base) %}
  {%- set day = '(' ~ date_formats()[base].pattern ~ ')' -%}
  {% do return(day ~ '[   ]*(-|–|—|~|to|bis|au|à|al|a|até|t/m|tot|do|till|til)[   ]*' ~ day) %}
{% endmacro %}
