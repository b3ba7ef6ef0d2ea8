{{ after_clients('processed_campaign_data') }}
with

steps as (
    {{ union_clients('processing_log', [
        ['processing_timestamp', type_timestamp()],
        ['processing_stage', 'varchar'],
        ['status', 'varchar'],
        ['wave_number', 'integer'],
        ['load_id', 'varchar'],
        ['file_name', 'varchar'],
        ['row_count', 'bigint'],
        ['column_count', 'integer'],
        ['error_code', 'varchar'],
        ['error_message', 'varchar'],
        ['duration_seconds', 'double'],
        ['done_by', 'varchar'],
    ], from_source=true) }}
),

clients as (

    select * from {{ ref('clients') }}

),

final as (

    select
        steps.client_schema,
        clients.client,
        clients.platform,
        clients.year,
        steps.processing_timestamp,
        steps.processing_stage,
        steps.status,
        steps.wave_number,
        steps.load_id,
        steps.file_name,
        steps.row_count,
        steps.column_count,
        steps.error_code,
        steps.error_message,
        steps.duration_seconds,
        steps.done_by
    from steps
    inner join clients on steps.client_schema = clients.client_schema

)

select * from final
