{# Where generated customers live, and what they are called.
   Returns: mapping: cities (list of 'city|state'), first_names, last_names (lists).
   Example: {{ customer_places().cities | length }} #}
{% macro customer_places() %}
  {% do return({
    'cities': [
      'New York|NY', 'Buffalo|NY', 'Boston|MA', 'Hartford|CT', 'Newark|NJ', 'Philadelphia|PA', 'Pittsburgh|PA', 'Baltimore|MD',
      'Richmond|VA', 'Charlotte|NC', 'Atlanta|GA', 'Miami|FL', 'Tampa|FL', 'Nashville|TN', 'Columbus|OH', 'Cleveland|OH',
      'Detroit|MI', 'Chicago|IL', 'Milwaukee|WI', 'Minneapolis|MN', 'St. Louis|MO', 'Kansas City|MO', 'Dallas|TX', 'Houston|TX',
      'Austin|TX', 'Denver|CO', 'Phoenix|AZ', 'Los Angeles|CA', 'San Diego|CA', 'Portland|OR', 'Seattle|WA',
    ],
    'first_names': [
      'Ann', 'Ben', 'Clara', 'David', 'Elena', 'Frank', 'Grace', 'Henry', 'Irene', 'Jack', 'Karen', 'Luis', 'Maria', 'Noah', 'Olivia',
      'Paul', 'Quinn', 'Rosa', 'Samuel', 'Tara', 'Uma', 'Victor', 'Wendy', 'Xavier', 'Yara', 'Zoe', 'Chloé', 'José', 'Zoë',
    ],
    'last_names': [
      'Adams', 'Baker', 'Clark', 'Diaz', 'Evans', 'Foster', 'Garcia', 'Hughes', 'Ibarra', 'Jones', 'Kim', 'Lopez', 'Murphy', 'Nguyen',
      'Ortiz', 'Patel', 'Quirke', 'Reed', 'Smith', 'Turner', 'Usman', 'Vargas', 'Walker', 'Xu', 'Young', 'Zimmer', "O'Brien",
    ],
  }) %}
{% endmacro %}
