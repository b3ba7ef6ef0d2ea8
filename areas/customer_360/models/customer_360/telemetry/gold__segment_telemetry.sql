{#- A row a segment for each day that was the last when it was built; nothing could make those of earlier days again, so
    they stay when everything else is rebuilt. -#}
{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='as_of_day',
        on_schema_change='append_new_columns',
        full_refresh=false,
    )
}}

with

segments as (

    select * from {{ ref('gold__customer_segments') }}

),

values_of_customers as (

    select
        customer_id,
        lifetime_value
    from {{ ref('gold__metric_customer_ltv') }}

),

final as (

    select
        segments.as_of_day,
        segments.segment,
        cast(count(*) as bigint) as customers,
        cast(sum(segments.transactions_90_days) as bigint) as transactions_90_days,
        cast(sum(segments.spend_90_days) as decimal(18, 2)) as spend_90_days,
        cast(sum(segments.spend_90_days) / nullif(sum(segments.transactions_90_days), 0) as decimal(18, 2))
            as average_amount_90_days,
        cast(avg(values_of_customers.lifetime_value) as decimal(18, 2)) as average_lifetime_value
    from segments
    left join values_of_customers on segments.customer_id = values_of_customers.customer_id
    group by segments.as_of_day, segments.segment

)

select * from final
