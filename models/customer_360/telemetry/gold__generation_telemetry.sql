{{ config(materialized='view') }}

select * from {{ source('customer_360', 'generation_telemetry') }}
