{# How an id looks after a spreadsheet has taken it for a number: '1.20212E+17'. Its last digits are lost.
   Returns: a pattern of the whole cell (string).
   Example: {{ text_matches('cell_3', damaged_id_pattern()) }} #}
{% macro damaged_id_pattern() %}{% do return('[0-9]([.,][0-9]+)?[eE][+]?[0-9]+') %}{% endmacro %}
