{# A text without invisible characters, with plain spaces for no-break spaces and line breaks: what is pasted from web pages and documents
   has them, and two names that look the same become the same. The joiners of Arabic, of Indian scripts and of emoji stay.
   Arguments: expression (SQL text expression, trimmed, empty as null).
   Returns: a text expression (text).
   Example: {{ clean_text('cell_3') }} #}
{% macro clean_text(expression) -%}
  nullif(trim({{ text_replace(text_replace(expression, '[' ~ invisible_characters() ~ ']', ''), '[' ~ no_break_spaces() ~ ']', ' ') }}), '')
{%- endmacro %}
