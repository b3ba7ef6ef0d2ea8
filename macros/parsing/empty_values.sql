{# The cells that platforms write where there is no value; null in a column of numbers or dates, never an issue.
   Returns: list of strings, lower case; none holds a character that a pattern gives a meaning.
   Example: {{ empty_values() | join("|") }} #}
{% macro empty_values() %}
  {% do return(['-', '--', '—', '–', 'n/a', 'na', 'null', 'none', '#n/a', '#div/0!']) %}
{% endmacro %}
