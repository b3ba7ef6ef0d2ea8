{{ config(materialized='view', secure=true) }}

with

profiles as (

    select
        favourite_category,
        segment,
        customer_id,
        spend_90_days
    from {{ ref('gold__customer_360_profile') }}
    where favourite_category is not null

)

select
    favourite_category,
    segment,
    cast(count(*) as bigint) as customers,
    cast(avg(spend_90_days) as decimal(18, 2)) as average_spend_90_days
from profiles
group by favourite_category, segment
having count(*) >= {{ var('customer_360').smallest_shared_group }}
