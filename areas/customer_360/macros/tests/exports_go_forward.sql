{# No row was exported on an earlier day than the version of its customer that is current, or on a day that lies in the
   future.
   Guards: the history of versions: an old export that is loaded again would turn it round, and a day in the future
     would keep every right export out. It stops the snapshot. Where rows are generated, their days may lie ahead as far
     as the transactions' do.
   Arguments: model (silver__customers), history (the name of the snapshot's table, in the same schema).
   Shows: the customers, with both days. #}
{% test exports_go_forward(model, history) %}
{#- others are not named by ref(): dbt would not know that they come before, and the test would stop nothing -#}
{%- set versions = adapter.get_relation(model.database, model.schema, history) if execute else none -%}
{%- set raw = raw_schema(area_schemas('customer_360').raw) | trim -%}
{%- set transactions = adapter.get_relation(model.database, raw, 'raw_transactions') if execute else none -%}
select
    customer_id,
    exported_on,
    cast(null as date) as current_since
from {{ model }}
where
    exported_on > {{ add_days(as_of_date(), 1) }}
    {%- if transactions %}
    and exported_on > (select coalesce(max(transaction_date), cast('1900-01-01' as date)) from {{ transactions }})
    {%- endif %}
{%- if versions %}
union all
select
    customers.customer_id,
    customers.exported_on,
    cast(versions.dbt_valid_from as date) as current_since
from {{ model }} as customers
inner join {{ versions }} as versions on customers.customer_id = versions.customer_id
where
    versions.dbt_valid_to is null
    and customers.exported_on < cast(versions.dbt_valid_from as date)
{%- endif %}
{% endtest %}
