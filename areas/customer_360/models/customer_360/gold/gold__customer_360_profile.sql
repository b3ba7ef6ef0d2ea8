{{ config(materialized='table') }}

{%- set last_day = last_transaction_day(ref('gold__fct_transactions')) %}
-- depends_on: {{ ref('gold__dim_merchant_category') }}
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
        merchant_category_key,
        channel,
        count(*) as purchases,
        sum(transaction_amount) as spend
    from {{ ref('gold__fct_transactions') }}
    where
        status = 'approved'
        and transaction_date > {{ add_days(last_day, -90) }}
    group by customer_id, merchant_category_key, channel

),

by_category as (

    select
        recent.customer_id,
        categories.merchant_category,
        row_number() over (
            partition by recent.customer_id order by sum(recent.spend) desc, categories.merchant_category
        ) as place
    from recent
    inner join {{ ref('gold__dim_merchant_category') }} as categories
        on recent.merchant_category_key = categories.merchant_category_key
    group by recent.customer_id, categories.merchant_category

),

by_channel as (

    select
        customer_id,
        channel,
        row_number() over (partition by customer_id order by sum(purchases) desc, channel) as place
    from recent
    group by customer_id, channel

),

ever as (

    select
        customer_id,
        sum(approved_transactions) as transactions,
        sum(declined_transactions) as declined_transactions,
        sum(approved_amount) as spend,
        max(last_purchase_date) as last_purchase_date
    from {{ ref('gold__customer_months') }}
    group by customer_id

),

churn as (
    {{ churn_as_it_stands() }}
),

final as (

    select
        customers.customer_id,
        customers.customer_key,
        customers.age,
        customers.state,
        customers.city,
        customers.employment_status,
        customers.card_type,
        customers.credit_limit,
        customers.account_open_date,
        customers.account_closed_date,
        segments.tenure_days,
        segments.segment,
        cast(coalesce(ever.transactions, 0) as bigint) as transactions,
        cast(coalesce(ever.declined_transactions, 0) as bigint) as declined_transactions,
        cast(coalesce(ever.spend, 0) as decimal(18, 2)) as spend,
        ever.last_purchase_date,
        {{ dbt.datediff('ever.last_purchase_date', last_day, 'day') }} as days_since_purchase,
        segments.transactions_90_days,
        segments.spend_90_days,
        segments.average_amount_90_days,
        by_category.merchant_category as favourite_category,
        by_channel.channel as favourite_channel,
        ltv.lifetime_value,
        churn.churn_probability,
        churn.churn_decile,
        churn.reason_1 as churn_reason,
        segments.as_of_day
    from customers
    inner join {{ ref('gold__customer_segments') }} as segments on customers.customer_id = segments.customer_id
    left join {{ ref('gold__metric_customer_ltv') }} as ltv on customers.customer_id = ltv.customer_id
    left join ever on customers.customer_id = ever.customer_id
    left join by_category on customers.customer_id = by_category.customer_id and by_category.place = 1
    left join by_channel on customers.customer_id = by_channel.customer_id and by_channel.place = 1
    left join churn on customers.customer_id = churn.customer_id

)

select * from final
