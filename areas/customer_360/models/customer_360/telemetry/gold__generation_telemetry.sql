{{ config(materialized='view') }}

select
    batch_id,
    kind,
    seed,
    customer_count,
    history_first_day,
    history_last_day,
    first_day,
    last_day,
    records,
    run_id,
    done_by,
    generated_at
from {{ source('customer_360', 'generation_telemetry') }}
