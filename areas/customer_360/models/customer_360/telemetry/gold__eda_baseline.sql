{{ config(materialized='view') }}

select
    metric,
    grouping_name,
    group_value,
    metric_value,
    as_of_day,
    taken_at
from {{ source('customer_360', 'eda_baseline') }}
