{# Whether the target's own schemas hold the raw rows, so that its builds are production's: they log what they processed, and set
   processed_flag. Any other target only reads the loader's tables.
   Returns: bool.
   Example: {% if owns_raw_rows() %}...{% endif %} #}
{% macro owns_raw_rows() %}
  {% do return(raw_schema('') | trim == schema_with_prefix('') | trim) %}
{% endmacro %}
