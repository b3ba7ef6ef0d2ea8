{{ config(materialized='ephemeral') }}
{{ processed_rows(
    source('unit_example', 'raw_data_staging'),
    source('unit_example', 'naming_keys'),
    pending_loads('unit_example', this),
    promoted_columns('unit_example'),
    'of the example',
) }}
