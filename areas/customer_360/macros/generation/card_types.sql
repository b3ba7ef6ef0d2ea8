{# The cards that the issuer has, from the smallest to the largest, with the credit limits that they begin with.
   Returns: list of mappings: name, lowest, highest (units of the currency).
   Example: {{ card_types()[0].name }} #}
{% macro card_types() %}
  {% do return([
    {'name': 'Classic', 'lowest': 2000, 'highest': 8000},
    {'name': 'Gold', 'lowest': 8000, 'highest': 20000},
    {'name': 'Platinum', 'lowest': 20000, 'highest': 50000},
  ]) %}
{% endmacro %}
