{# The key of the merchant category Travel.
   Returns: a whole number (text).
   Example: where merchant_category_key = {{ travel_category_key() }} #}
{% macro travel_category_key() -%}
{%- for category in merchant_categories() if category.name == 'Travel' -%}{{ merchant_categories().index(category) + 1 }}{%- endfor -%}
{%- endmacro %}
