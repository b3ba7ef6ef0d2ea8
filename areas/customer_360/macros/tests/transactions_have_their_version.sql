{# Each transaction has the key of the customer's version of its day, and the unknown customer's where there is none.
   Guards: facts bound to a version that came later or earlier.
   Arguments: model (fact with customer_id, transaction_date, customer_key), customers (dimension).
   Shows: up to a thousand transactions that have another. #}
{% test transactions_have_their_version(model, customers) %}
select
    facts.transaction_id,
    facts.customer_key,
    versions.customer_key as should_be
from {{ model }} as facts
left join {{ customers }} as versions
    on
        facts.customer_id = versions.customer_id
        and facts.transaction_date >= versions.valid_from
        and facts.transaction_date < coalesce(versions.valid_to, cast('9999-12-31' as date))
where facts.customer_key <> coalesce(versions.customer_key, -1)
limit 1000
{% endtest %}
