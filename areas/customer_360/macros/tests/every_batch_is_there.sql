{# Each transaction of a batch of which a fact has no row is there from another batch.
   Guards: batches that a build passed over.
   Arguments: model (fact with transaction_id and batch_id), source (raw transactions).
   Shows: the batches with transactions that are missing. #}
{% test every_batch_is_there(model, source) %}
select
    transactions.batch_id,
    count(*) as missing_transactions
from {{ source }} as transactions
left join {{ model }} as facts on transactions.transaction_id = facts.transaction_id
where
    {{ is_of_new_batch('transactions.batch_id', source, model) }}
    and facts.transaction_id is null
group by transactions.batch_id
{% endtest %}
