{# The parts of the score that each row has; a wave has coverage besides.
   Returns: list of column names, in table order.
   Example: {% for part in row_parts() %}{{ part }}{% endfor %} #}
{% macro row_parts() %}
  {% do return(['completeness', 'validity', 'consistency', 'uniqueness', 'conformity']) %}
{% endmacro %}
