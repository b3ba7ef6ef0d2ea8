{{ config(materialized='table') }}

with

months as (

    select
        {{ month_of('days.transaction_date') }} as month_start,
        categories.merchant_category,
        days.channel,
        sum(days.transactions) as transactions,
        sum(days.approved_transactions) as approved_transactions,
        sum(days.approved_amount) as approved_amount
    from {{ ref('gold__spend_days') }} as days
    inner join {{ ref('gold__dim_merchant_category') }} as categories
        on days.merchant_category_key = categories.merchant_category_key
    group by
        {{ month_of('days.transaction_date') }}, categories.merchant_category, days.channel

),

final as (

    select
        month_start,
        merchant_category,
        channel,
        cast(transactions as bigint) as transactions,
        cast(approved_transactions as bigint) as approved_transactions,
        cast(approved_amount as decimal(18, 2)) as approved_amount,
        cast(approved_amount / nullif(approved_transactions, 0) as decimal(18, 2)) as avg_transaction_value
    from months

)

select * from final
