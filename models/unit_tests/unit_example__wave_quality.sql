{{ wave_quality('unit_example') }}
{{ config(materialized='ephemeral') }}
