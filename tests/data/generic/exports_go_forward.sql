{#
  Claim: no row was exported on an earlier day than the version of its customer that is current.
  Guards: the history of versions, which an old export that is loaded again would turn round. It stops the snapshot.
  Arguments: model (silver__customers), history (the name of the snapshot's table, in the same schema).
  Shows: the customers, with both days.
#}
{% test exports_go_forward(model, history) %}
{#- ref() would be a circle -#}
{%- set versions = adapter.get_relation(model.database, model.schema, history) if execute else none -%}
{%- if versions %}
select
    customers.customer_id,
    customers.exported_on,
    versions.dbt_valid_from as current_since
from {{ model }} as customers
inner join {{ versions }} as versions on customers.customer_id = versions.customer_id
where
    versions.dbt_valid_to is null
    and customers.exported_on < cast(versions.dbt_valid_from as date)
{%- else %}
select customer_id from {{ model }} where 1 = 0
{%- endif %}
{% endtest %}
