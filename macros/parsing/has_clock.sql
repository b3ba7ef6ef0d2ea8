{# Whether cells of a date format can have a time of day.
   Arguments: value_format (as date_format_parts() takes it).
   Returns: true or false.
   Example: {{ has_clock('iso_time') }} #}
{% macro has_clock(value_format) %}
  {%- set parts = date_format_parts(value_format, 'has_clock') -%}
  {%- set found = [] -%}
  {%- for name in [parts.base, parts.beside] if name -%}
    {%- if ':' in date_formats()[name].example or name == 'month_name' -%}{%- do found.append(name) -%}{%- endif -%}
  {%- endfor -%}
  {% do return(found | length > 0) %}
{% endmacro %}
