{{ config(materialized='table') }}

{{ date_dimension(var('customer_360').first_day, var('customer_360').days) }}
