{# How the customers of each segment live: the only place that says so, for the generator, the checks and the docs.
   Returns: list of mappings, in the order of their numbers from 0: name, share (percent of customers), activity (how likely a purchase is
     on a day, of 65536), scale (percent of a category's usual amount), travel (percent of purchases that are travel), cards (the lowest and
     highest of card_types()).
   Example: {% for segment in spending_segments() %}{{ segment.name }}{% endfor %} #}
{% macro spending_segments() %}
  {% do return([
    {'name': 'High-Value Travelers', 'share': 15, 'activity': 34500, 'scale': 190, 'travel': 26, 'cards': [1, 2]},
    {'name': 'Stable Mid-Spenders', 'share': 40, 'activity': 27000, 'scale': 100, 'travel': 6, 'cards': [0, 1]},
    {'name': 'Budget-Conscious', 'share': 25, 'activity': 16500, 'scale': 55, 'travel': 2, 'cards': [0, 0]},
    {'name': 'Declining', 'share': 10, 'activity': 25500, 'scale': 100, 'travel': 6, 'cards': [0, 1]},
    {'name': 'New & Growing', 'share': 10, 'activity': 26500, 'scale': 85, 'travel': 7, 'cards': [0, 0]},
  ]) %}
{% endmacro %}
