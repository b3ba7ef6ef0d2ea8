{{ config(materialized='view') }}

select * from {{ source('customer_360', 'eda_baseline') }}
