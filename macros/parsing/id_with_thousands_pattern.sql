{# How an id looks where its digits are in groups as those of an amount: '120,212,345'. A single group after a point could be decimals.
   Returns: a pattern of the whole cell (string).
   Example: {{ text_matches('cell_3', id_with_thousands_pattern()) }} #}
{% macro id_with_thousands_pattern() %}{% do return("[1-9][0-9]{0,2}((,[0-9]{3})+|([.][0-9]{3}){2,}|([   '][0-9]{3}){2,})") %}{% endmacro %}
