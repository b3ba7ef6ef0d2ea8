{{ config(materialized='view') }}

select
    check_timestamp,
    run_id,
    check_name,
    table_name,
    status,
    severity,
    failures,
    message
from {{ source('engagement', 'dq_check_logs') }}
