{{ config(materialized='view') }}

with

telemetry as (

    select * from {{ ref('gold__segment_telemetry') }}

),

latest as (

    select max(as_of_day) as as_of_day from telemetry

),

before as (

    select max(telemetry.as_of_day) as as_of_day
    from telemetry
    inner join latest on telemetry.as_of_day < latest.as_of_day

)

select
    current_rows.as_of_day,
    current_rows.segment,
    current_rows.customers,
    current_rows.transactions_90_days,
    current_rows.spend_90_days,
    current_rows.average_amount_90_days,
    current_rows.average_lifetime_value,
    cast(
        current_rows.spend_90_days / nullif(sum(current_rows.spend_90_days) over (), 0) as double
    ) as share_of_spend,
    earlier.as_of_day as earlier_day,
    current_rows.customers - earlier.customers as customers_change,
    cast(current_rows.spend_90_days - earlier.spend_90_days as decimal(18, 2)) as spend_change
from telemetry as current_rows
inner join latest on current_rows.as_of_day = latest.as_of_day
left join before on 1 = 1
left join telemetry as earlier
    on before.as_of_day = earlier.as_of_day and current_rows.segment = earlier.segment
