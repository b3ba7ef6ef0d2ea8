{#
  Claim: each transaction of a batch of which a fact has no row is there from another batch.
  Guards: batches that a build passed over.
  Arguments: model (fact with transaction_id and batch_id), source (raw transactions).
  Shows: the batches with transactions that are missing.
#}
{% test every_batch_is_there(model, source) %}
with

missing as (

    select distinct batch_id from {{ source }}
    where batch_id not in (select distinct batch_id from {{ model }})

)

select
    transactions.batch_id,
    count(*) as missing_transactions
from {{ source }} as transactions
inner join missing on transactions.batch_id = missing.batch_id
left join {{ model }} as facts on transactions.transaction_id = facts.transaction_id
where facts.transaction_id is null
group by transactions.batch_id
{% endtest %}
