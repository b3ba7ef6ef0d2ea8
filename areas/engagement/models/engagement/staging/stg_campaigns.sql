{{ config(materialized='area_table') }}

{{ campaigns_by_slug() }}
