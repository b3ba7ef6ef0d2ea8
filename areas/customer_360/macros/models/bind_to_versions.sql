{# Give transactions of the latest export's days the customer's version that this export brought, where they came before it.
   Arguments: relation (relation with customer_id, transaction_date and customer_key).
   Returns: one statement (text).
   Example: {{ config(post_hook="{{ bind_to_versions(this) }}") }} #}
{% macro bind_to_versions(relation) -%}
  {%- set customers = ref('gold__dim_customer') -%}
  {%- set latest = none -%}
  {%- if execute -%}
    {%- set asked = 'select cast(max(valid_from) as varchar) from ' ~ customers ~ ' where version_number > 1 and is_current' -%}
    {%- set latest = run_query(asked).rows[0][0] -%}
  {%- endif -%}
  update {{ relation }}
  set customer_key = versions.customer_key
  from {{ customers }} as versions
  where
    {{ relation }}.transaction_date >= cast({{ text_literal(latest or '9999-12-31') }} as date)
    and {{ relation }}.customer_id = versions.customer_id
    and versions.is_current
    and versions.valid_from = cast({{ text_literal(latest or '9999-12-31') }} as date)
    and {{ relation }}.customer_key <> versions.customer_key
{%- endmacro %}
