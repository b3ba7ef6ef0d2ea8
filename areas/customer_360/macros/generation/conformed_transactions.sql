{# Raw transactions with their words made the same: for the view silver.transactions, and for the task that merges new ones.
   Arguments: source (relation with raw_transactions' columns).
   Returns: a select statement (text).
   Example: {{ conformed_transactions(source('customer_360', 'transactions')) }} #}
{% macro conformed_transactions(source) -%}
select
    transaction_id,
    customer_id,
    transaction_date,
    transaction_amount,
    trim(merchant_name) as merchant_name,
    trim(merchant_category) as merchant_category,
    {{ channel_word('channel') }} as channel,
    lower(trim(status)) as status,
    batch_id
from {{ source }}
{%- endmacro %}
