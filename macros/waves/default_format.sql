{# How a person writes a default value in the mapping: plain numbers, ISO dates.
   Arguments: column_type (a key of column_types()).
   Returns: a value_format (string), or none for text and ids.
   Example: {{ default_format('decimal') }} #}
{% macro default_format(column_type) %}
  {% do return({'date': 'iso', 'integer': 'plain', 'decimal': 'plain', 'percent': 'plain'}.get(column_type)) %}
{% endmacro %}
