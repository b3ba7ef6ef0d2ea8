{# The columns by which a processed row names the wave, load, file and row that it came from.
   Returns: list of column names, in table order.
   Example: {% for name in raw_row_columns() %}{{ name }}, {% endfor %} #}
{% macro raw_row_columns() %}
  {% do return(['load_id', 'row_number', 'wave_number', 'wave_name', 'file_name', 'upload_timestamp', 'schema_version']) %}
{% endmacro %}
