{# The branches of a case expression over the segments' numbers.
   Arguments: key (string: which value of spending_segments()).
   Returns: branches (text).
   Example: case segment{{ segment_cases('activity') }} end #}
{% macro segment_cases(key) -%}
{%- for segment in spending_segments() %} when {{ loop.index0 }} then {{ segment[key] if segment[key] is number else text_literal(segment[key]) }}{% endfor -%}
{%- endmacro %}
