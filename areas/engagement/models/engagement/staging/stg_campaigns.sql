{{ config(materialized='table') }}

{{ campaigns_by_slug() }}
