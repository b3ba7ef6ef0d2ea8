{{ config(materialized='table') }}

{{ date_dimension(var('engagement').first_day, var('engagement').days) }}
