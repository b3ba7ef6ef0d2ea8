{# A name as it is compared: lower case, letters and digits joined by single underscores. 'Spring | Sale' and 'spring_sale' are the same.
   Arguments: expression (SQL text expression).
   Returns: a text expression (text); null for a name without a letter or digit.
   Example: {{ slug('campaign_name') }} #}
{% macro slug(expression) -%}
  nullif(trim({{ replaced_everywhere('lower(' ~ expression ~ ')', '[^a-z0-9]+', '_') }}, '_'), '')
{%- endmacro %}
