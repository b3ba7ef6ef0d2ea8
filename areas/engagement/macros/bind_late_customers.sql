{# Give rows of visitors who were unknown when they came the customer that the visitor has become known as since.
   Arguments: relation (relation with visitor_id and customer_key).
   Returns: one statement (text).
   Example: {{ config(post_hook="{{ bind_late_customers(this) }}") }} #}
{% macro bind_late_customers(relation) -%}
  update {{ relation }}
  set customer_key = {{ hashed_key(['visitor_id']) }}
  where
    customer_key = 'unknown'
    and visitor_id in (select customer_id from {{ ref('dim_customer') }} where customer_id is not null)
{%- endmacro %}
