{{ config(materialized='view') }}

with

baseline as (

    select * from {{ ref('gold__eda_baseline') }}

),

latest as (

    select * from {{ ref('gold__eda_metrics') }}

)

select
    coalesce(latest.metric, baseline.metric) as metric,
    coalesce(latest.grouping_name, baseline.grouping_name) as grouping_name,
    coalesce(latest.group_value, baseline.group_value) as group_value,
    baseline.metric_value as baseline_value,
    latest.metric_value as current_value,
    latest.metric_value - baseline.metric_value as change,
    (latest.metric_value - baseline.metric_value) / nullif(baseline.metric_value, 0) as change_share,
    baseline.as_of_day as baseline_day,
    latest.as_of_day as current_day
from latest
full join baseline
    on
        latest.metric = baseline.metric
        and latest.grouping_name = baseline.grouping_name
        and latest.group_value = baseline.group_value
