{{ config(materialized='view') }}

select
    log_timestamp,
    run_id,
    step,
    feed,
    status,
    files,
    records_loaded,
    records_rejected,
    duration_seconds,
    error_code,
    error_message,
    done_by
from {{ source('engagement', 'ingestion_logs') }}
