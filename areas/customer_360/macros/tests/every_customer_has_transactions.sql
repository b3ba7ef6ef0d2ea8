{# Every customer whose account was open for ninety days of the history has a transaction.
   Guards: customers that the transactions were not generated for.
   Arguments: model (raw transactions), customers (relation with customer_id, account_open_date and
     account_closed_date).
   Shows: the customers without any. #}
{% test every_customer_has_transactions(model, customers) %}
with

span as (

    select
        min(transaction_date) as first_day,
        max(transaction_date) as last_day
    from {{ model }}

),

buyers as (

    select distinct customer_id from {{ model }}

)

select customers.customer_id
from {{ customers }} as customers
cross join span
left join buyers on customers.customer_id = buyers.customer_id
where
    buyers.customer_id is null
    and (
        span.last_day is null
        or {{ dbt.datediff('greatest(customers.account_open_date, span.first_day)', 'least(coalesce(customers.account_closed_date, span.last_day), span.last_day)', 'day') }} >= 90
    )
{% endtest %}
