{{ processed_campaign_data('unit_example') }}
{{ config(materialized='ephemeral') }}
