{{ config(materialized='view', secure=true) }}

select
    month_start,
    segment,
    is_whole_month,
    active_customers,
    spend,
    spend_change_share
from {{ ref('gold__metric_mom_spend_change') }}
where active_customers >= {{ var('customer_360').smallest_shared_group }}
