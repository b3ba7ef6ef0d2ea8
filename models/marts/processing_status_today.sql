with

clients as (

    select * from {{ ref('clients') }}

),

steps as (

    select *
    from {{ ref('processing_steps') }}
    where cast(processing_timestamp as date) = {{ as_of_date() }}

),

steps_by_client as (

    select
        client_schema,
        sum(case when processing_stage = 'UPLOAD' and status = 'SUCCESS' then 1 else 0 end) as loads_completed,
        sum(case when processing_stage = 'UPLOAD' and status = 'ERROR' then 1 else 0 end) as loads_failed,
        sum(case when processing_stage = 'UPLOAD' and status = 'SUCCESS' then row_count else 0 end) as rows_landed,
        sum(
            case when processing_stage = 'PROCESS' and status = 'SUCCESS' then row_count else 0 end
        ) as rows_processed,
        sum(case when status = 'ERROR' then 1 else 0 end) as failed_steps,
        max(processing_timestamp) as last_step
    from steps
    group by client_schema

),

waves_by_client as (

    select
        client_schema,
        max(wave_number) as latest_wave,
        min(data_quality_score) as lowest_score
    from {{ ref('waves') }}
    group by client_schema

),

final as (

    select
        clients.client_schema,
        clients.client,
        clients.platform,
        clients.year,
        {{ as_of_date() }} as status_date,
        cast(coalesce(steps_by_client.loads_completed, 0) as bigint) as loads_completed,
        cast(coalesce(steps_by_client.loads_failed, 0) as bigint) as loads_failed,
        cast(coalesce(steps_by_client.rows_landed, 0) as bigint) as rows_landed,
        cast(coalesce(steps_by_client.rows_processed, 0) as bigint) as rows_processed,
        cast(coalesce(steps_by_client.failed_steps, 0) as bigint) as failed_steps,
        steps_by_client.last_step,
        waves_by_client.latest_wave,
        waves_by_client.lowest_score,
        case
            when steps_by_client.failed_steps > 0 then 'failed steps'
            when steps_by_client.client_schema is null then 'nothing today'
            else 'fine'
        end as status
    from clients
    left join steps_by_client on clients.client_schema = steps_by_client.client_schema
    left join waves_by_client on clients.client_schema = waves_by_client.client_schema
    where clients.status = 'active'

)

select * from final
