{#- Blocks of thirty days back from the last day: 0 is the latest. Each day that the model learns from or is judged on
    is the last day of a block, so one look at the transactions serves them all. -#}
{{ config(materialized='table') }}

{%- set last_day = last_transaction_day(ref('gold__fct_transactions')) %}
{%- set days = dbt.datediff('transaction_date', last_day, 'day') %}
with

transactions as (

    select * from {{ ref('gold__fct_transactions') }}
    where transaction_date > {{ add_days(last_day, -30 * (var('customer_360').churn_blocks | int)) }}

),

final as (

    select
        customer_id,
        cast({{ whole_quotient(days, 30) }} as bigint) as block,
        cast(sum(case when status = 'approved' then 1 else 0 end) as bigint) as purchases,
        cast(sum(case when status = 'approved' then 0 else 1 end) as bigint) as declined,
        cast(sum(case when status = 'approved' then transaction_amount else 0 end) as double) as spend,
        cast(
            sum(
                case
                    when status <> 'approved' or merchant_category_key <> {{ travel_category_key() }} then 0
                    else transaction_amount
                end
            ) as double
        ) as travel_spend,
        cast(sum(case when status = 'approved' and channel = 'Online' then 1 else 0 end) as bigint) as online_purchases,
        max(case when status = 'approved' then transaction_date end) as last_purchase_date
    from transactions
    group by customer_id, {{ whole_quotient(days, 30) }}

)

select * from final
