{# Every transaction is of a customer that there is.
   Guards: referential integrity between transactions and customers.
   Arguments: model (raw transactions), customers (relation with customer_id).
   Shows: the numbers of customers that are missing, with their transactions. #}
{% test every_transaction_has_a_customer(model, customers) %}
select
    transactions.customer_id,
    count(*) as transactions
from {{ model }} as transactions
left join {{ customers }} as customers on transactions.customer_id = customers.customer_id
where customers.customer_id is null
group by transactions.customer_id
{% endtest %}
