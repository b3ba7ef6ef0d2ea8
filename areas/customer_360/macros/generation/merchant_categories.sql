{# What customers buy: the only list of merchant categories and their merchants.
   Returns: list of mappings, in the order of their keys from 1: name, necessity (bool: bought whatever happens), share (weight among
     purchases that are no travel; travel has its share from the segment), median (cents), spread (standard deviation of the amount's
     logarithm, thousandths), online and in_store (percent of purchases; the rest is mobile), merchants (list of names).
   Example: {% for category in merchant_categories() %}{{ category.name }}{% endfor %} #}
{% macro merchant_categories() %}
  {% do return([
    {'name': 'Groceries', 'necessity': true, 'share': 26, 'median': 4600, 'spread': 550, 'online': 15, 'in_store': 70, 'merchants': ['Green Basket', 'Corner Market', 'Harvest Foods', 'Daily Pantry']},
    {'name': 'Dining', 'necessity': false, 'share': 18, 'median': 2600, 'spread': 600, 'online': 15, 'in_store': 55, 'merchants': ['Blue Plate', 'Noodle House', 'Taco Yard', 'Old Mill Cafe']},
    {'name': 'Gas', 'necessity': true, 'share': 11, 'median': 4200, 'spread': 350, 'online': 1, 'in_store': 84, 'merchants': ['Roadside Fuel', 'Summit Gas', 'Pump & Go', 'Highway Stop']},
    {'name': 'Online Retail', 'necessity': false, 'share': 13, 'median': 3900, 'spread': 800, 'online': 72, 'in_store': 0, 'merchants': ['Parcel Place', 'Everything Shelf', 'Click Bazaar', 'Boxed Goods']},
    {'name': 'Department Stores', 'necessity': false, 'share': 6, 'median': 6200, 'spread': 700, 'online': 30, 'in_store': 58, 'merchants': ['Marlow & Sons', 'Grand Arcade', 'Fifth Floor', 'Weaver Hall']},
    {'name': 'Utilities', 'necessity': true, 'share': 5, 'median': 9500, 'spread': 400, 'online': 80, 'in_store': 2, 'merchants': ['City Power', 'Clear Water', 'Fibre Link', 'Metro Gas Works']},
    {'name': 'Healthcare', 'necessity': true, 'share': 4, 'median': 8200, 'spread': 850, 'online': 25, 'in_store': 65, 'merchants': ['Well Pharmacy', 'Bright Dental', 'Lakeside Clinic', 'Vision Corner']},
    {'name': 'Entertainment', 'necessity': false, 'share': 7, 'median': 2400, 'spread': 650, 'online': 50, 'in_store': 25, 'merchants': ['Stream Box', 'Grand Cinema', 'Arena Tickets', 'Game Loft']},
    {'name': 'Travel', 'necessity': false, 'share': 0, 'median': 24500, 'spread': 900, 'online': 70, 'in_store': 10, 'merchants': ['North Air', 'Harbor Hotels', 'Coach & Rail', 'Wheels Rental']},
    {'name': 'Home Improvement', 'necessity': false, 'share': 4, 'median': 7800, 'spread': 850, 'online': 30, 'in_store': 62, 'merchants': ['Hammer & Oak', 'Paint Depot', 'Garden Gate', 'Tile Works']},
    {'name': 'Electronics', 'necessity': false, 'share': 3, 'median': 13500, 'spread': 900, 'online': 60, 'in_store': 30, 'merchants': ['Volt Store', 'Pixel Point', 'Sound Room', 'Chip Shop Electronics']},
    {'name': 'Education', 'necessity': false, 'share': 3, 'median': 11000, 'spread': 800, 'online': 75, 'in_store': 5, 'merchants': ['Open Courses', 'Campus Books', 'Tutor Hub', 'Language Lab']},
  ]) %}
{% endmacro %}
