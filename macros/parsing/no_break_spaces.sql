{# Spaces that break no line, and line breaks and tabs.
   Returns: the characters as inside a regular expression's [] (string).
   Example: {{ text_replace('cell_3', '[' ~ no_break_spaces() ~ ']', ' ') }} #}
{% macro no_break_spaces() %}{% do return("\u00a0\u2007\u202f\t\r\n") %}{% endmacro %}
