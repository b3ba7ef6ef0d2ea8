{# Transactions as rows of the fact: with the customer's version of their day and the key of their category, -1 where there is none.
   Arguments: transactions (relation: conformed_transactions, each transaction once), customers (relation: dim_customer without the unknown
     member), categories (relation: dim_merchant_category), changed_by (number or SQL expression: this change of the fact).
   Returns: a select statement (text).
   Example: {{ transaction_facts('latest', 'customers', 'categories', 1) }} #}
{% macro transaction_facts(transactions, customers, categories, changed_by) -%}
select
    latest.transaction_id,
    coalesce(customers.customer_key, -1) as customer_key,
    latest.customer_id,
    latest.transaction_date,
    coalesce(categories.merchant_category_key, -1) as merchant_category_key,
    latest.merchant_name,
    latest.channel,
    latest.status,
    latest.transaction_amount,
    latest.batch_id,
    cast({{ changed_by }} as bigint) as changed_by
from {{ transactions }} as latest
left join {{ customers }} as customers
    on
        latest.customer_id = customers.customer_id
        and latest.transaction_date >= customers.valid_from
        and latest.transaction_date < coalesce(customers.valid_to, cast('9999-12-31' as date))
left join {{ categories }} as categories on latest.merchant_category = categories.merchant_category
{%- endmacro %}
