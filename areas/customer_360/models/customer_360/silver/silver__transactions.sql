{{ config(materialized='view') }}

{{ conformed_transactions(source('customer_360', 'transactions')) }}
