{#- What was known of a customer at the end of a day, and (is_churned) whether no approved transaction came in the sixty days
    after it: null where these are not over. Every feature is of the day or from before it. -#}
{{ config(materialized='table') }}

{%- set last_day = last_transaction_day(ref('gold__fct_transactions')) %}
{%- set blocks = var('customer_360').churn_blocks %}
with

blocks as (

    select * from {{ ref('gold__customer_blocks') }}

),

accounts as (

    select
        customer_id,
        min(account_open_date) as account_open_date,
        min(account_closed_date) as account_closed_date
    from {{ ref('gold__dim_customer') }}
    where customer_id is not null
    group by customer_id

),

calendar as (

    select
        number as block,
        {{ add_days(last_day, '-30 * number') }} as as_of_day
    from ({{ numbers(blocks) }}) as counted

),

-- every block of every account, also those without a transaction
filled as (

    select
        accounts.customer_id,
        calendar.block,
        calendar.as_of_day,
        accounts.account_open_date,
        accounts.account_closed_date,
        coalesce(blocks.purchases, 0) as purchases,
        coalesce(blocks.declined, 0) as declined,
        coalesce(blocks.spend, 0) as spend,
        coalesce(blocks.travel_spend, 0) as travel_spend,
        coalesce(blocks.online_purchases, 0) as online_purchases,
        blocks.last_purchase_date
    from accounts
    cross join calendar
    left join blocks on accounts.customer_id = blocks.customer_id and calendar.block = blocks.block

),

windowed as (

    select
        *,
        {%- for name, before in [('30', 0), ('60', 1), ('90', 2), ('180', 5)] %}
        sum(purchases) over (
            partition by customer_id order by block desc rows between {{ before }} preceding and current row
        ) as purchases_{{ name }},
        sum(spend) over (
            partition by customer_id order by block desc rows between {{ before }} preceding and current row
        ) as spend_{{ name }},
        {%- endfor %}
        sum(declined) over (
            partition by customer_id order by block desc rows between 2 preceding and current row
        ) as declined_90,
        sum(travel_spend) over (
            partition by customer_id order by block desc rows between 2 preceding and current row
        ) as travel_spend_90,
        sum(online_purchases) over (
            partition by customer_id order by block desc rows between 2 preceding and current row
        ) as online_purchases_90,
        max(last_purchase_date) over (
            partition by customer_id order by block desc rows between unbounded preceding and current row
        ) as last_purchase_so_far,
        -- sixty days after, where they are over
        case
            when block >= 2
                then
                    sum(purchases) over (
                        partition by customer_id order by block desc rows between 1 following and 2 following
                    )
        end as purchases_after
    from filled

),

versions as (

    select
        customer_id,
        card_type,
        credit_limit,
        valid_from,
        valid_to
    from {{ ref('gold__dim_customer') }}
    where customer_id is not null

),

-- those who bought in the last ninety days; who did not is lost already, and whose account is closed too
asked_about as (

    select
        windowed.*,
        versions.card_type,
        versions.credit_limit,
        {{ dbt.datediff('windowed.account_open_date', 'windowed.as_of_day', 'day') }} as tenure_days,
        {{ dbt.datediff('windowed.last_purchase_so_far', 'windowed.as_of_day', 'day') }} as recency_days
    from windowed
    inner join versions
        on
            windowed.customer_id = versions.customer_id
            and windowed.as_of_day >= versions.valid_from
            and windowed.as_of_day < coalesce(versions.valid_to, cast('9999-12-31' as date))
    where
        windowed.purchases_90 > 0
        and windowed.block <= {{ blocks - 6 }}
        and (windowed.account_closed_date is null or windowed.account_closed_date > windowed.as_of_day)

),

final as (

    select
        customer_id,
        as_of_day,
        cast(block as bigint) as block,
        case when block < 2 then cast(null as boolean) else purchases_after = 0 end as is_churned,
        cast(recency_days as double) as recency_days,
        cast(recency_days * purchases_90 / 90.0 as double) as recency_in_gaps,
        cast(recency_days * purchases_180 / 180.0 as double) as recency_in_usual_gaps,
        cast(purchases_30 as double) as purchases_30,
        cast(purchases_60 as double) as purchases_60,
        cast(purchases_90 as double) as purchases_90,
        cast(spend_30 as double) as spend_30,
        cast(spend_60 as double) as spend_60,
        cast(spend_90 as double) as spend_90,
        cast(spend_90 / purchases_90 as double) as average_amount_90,
        cast(3.0 * purchases_30 / purchases_90 as double) as purchases_30_to_90,
        cast(2.0 * purchases_90 / purchases_180 as double) as purchases_90_to_180,
        cast(3.0 * spend_30 / nullif(spend_90, 0) as double) as spend_30_to_90,
        cast(2.0 * spend_90 / nullif(spend_180, 0) as double) as spend_90_to_180,
        cast(declined_90 as double) as declined_90,
        cast(travel_spend_90 / nullif(spend_90, 0) as double) as travel_share_90,
        cast(cast(online_purchases_90 as double) / purchases_90 as double) as online_share_90,
        cast(spend_30 / nullif(credit_limit, 0) as double) as credit_use_30,
        cast(credit_limit as double) as credit_limit,
        cast(tenure_days as double) as tenure_days,
        card_type,
        {{ segment_of('tenure_days', 'spend_90', 'spend_90 / purchases_90', 'travel_spend_90 / nullif(spend_90, 0)', '(spend_180 - spend_90)') }} as segment
    from asked_about

)

select * from final
