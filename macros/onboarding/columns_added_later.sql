{# The columns of loader_tables() that clients onboarded by an earlier version lack; onboarding such a client again adds them, and changes
   nothing else.
   Returns: list of [table, column].
   Example: {% for table, column in columns_added_later() %}{{ table }}.{{ column }}{% endfor %} #}
{% macro columns_added_later() %}
  {% do return([
    ['raw_data_staging', 'row_reason'],
    ['wave_schema_mapping', 'in_grain'],
    ['processing_log', 'details'],
    ['processing_log', 'done_by'],
    ['open_questions', 'other_loads'],
  ]) %}
{% endmacro %}
