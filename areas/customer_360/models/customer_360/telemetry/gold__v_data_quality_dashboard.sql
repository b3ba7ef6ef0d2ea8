{{ config(materialized='view') }}

with

telemetry as (

    select
        *,
        row_number() over (partition by check_name order by check_timestamp desc) as place
    from {{ ref('gold__data_quality_telemetry') }}
    where status <> 'skipped'

)

select
    check_name,
    max(table_name) as table_name,
    max(severity) as severity,
    max(case when place = 1 then status end) as latest_status,
    max(case when place = 1 then failures end) as latest_failures,
    max(case when place = 1 then check_timestamp end) as latest_timestamp,
    cast(count(*) as bigint) as times_checked,
    cast(avg(case when status = 'pass' then 1.0 else 0.0 end) as double) as passed_share
from telemetry
group by check_name
