{{ config(materialized='table') }}

{%- set last_day = last_transaction_day(ref('gold__fct_transactions')) %}
{%- set usual_from, usual_until = add_months(month_of(last_day), -12), add_months(month_of(last_day), -3) %}
with

customers as (

    select * from {{ ref('gold__dim_customer') }}
    where
        is_current
        and customer_id is not null

),

recent as (

    select
        customer_id,
        cast(count(*) as bigint) as transactions_90_days,
        sum(transaction_amount) as spend_90_days,
        sum(case when merchant_category_key = {{ travel_category_key() }} then transaction_amount else 0 end)
            as travel_spend_90_days,
        max(transaction_date) as last_purchase_date
    from {{ ref('gold__fct_transactions') }}
    where
        status = 'approved'
        and transaction_date > {{ add_days(last_day, -90) }}
    group by customer_id

),

-- what the customer spent in ninety days before, by the nine months before the last three
before as (

    select
        customer_id,
        sum(approved_amount) * 90.0 / {{ dbt.datediff(usual_from, usual_until, 'day') }} as usual_spend_90_days
    from {{ ref('gold__customer_months') }}
    where
        month_start >= {{ usual_from }}
        and month_start < {{ usual_until }}
    group by customer_id

),

measured as (

    select
        customers.customer_id,
        {{ dbt.datediff('customers.account_open_date', last_day, 'day') }} as tenure_days,
        coalesce(recent.transactions_90_days, 0) as transactions_90_days,
        cast(coalesce(recent.spend_90_days, 0) as decimal(18, 2)) as spend_90_days,
        cast(recent.spend_90_days / nullif(recent.transactions_90_days, 0) as decimal(18, 2)) as average_amount_90_days,
        cast(
            coalesce(recent.travel_spend_90_days, 0) / nullif(recent.spend_90_days, 0) as double
        ) as travel_share_90_days,
        cast(before.usual_spend_90_days as decimal(18, 2)) as usual_spend_90_days,
        recent.last_purchase_date
    from customers
    left join recent on customers.customer_id = recent.customer_id
    left join before on customers.customer_id = before.customer_id

),

final as (

    select
        {{ last_day }} as as_of_day,
        customer_id,
        cast(tenure_days as bigint) as tenure_days,
        transactions_90_days,
        spend_90_days,
        average_amount_90_days,
        travel_share_90_days,
        usual_spend_90_days,
        last_purchase_date,
        {{ segment_of(
            'tenure_days', 'spend_90_days', 'average_amount_90_days', 'travel_share_90_days', 'usual_spend_90_days'
        ) }} as segment
    from measured

)

select * from final
