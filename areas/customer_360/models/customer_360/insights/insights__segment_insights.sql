{{ config(materialized='view', secure=true) }}

select
    as_of_day,
    segment,
    cast(count(*) as bigint) as customers,
    cast(avg(spend_90_days) as decimal(18, 2)) as average_spend_90_days,
    cast(avg(lifetime_value) as decimal(18, 2)) as average_lifetime_value,
    cast(avg(churn_probability) as double) as average_churn_probability
from {{ ref('gold__customer_360_profile') }}
group by as_of_day, segment
having count(*) >= {{ var('customer_360').smallest_shared_group }}
