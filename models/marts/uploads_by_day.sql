with

steps as (

    select *
    from {{ ref('processing_steps') }}
    where
        processing_stage = 'load'
        and status in ('completed', 'failed')

),

final as (

    select
        client_schema,
        client,
        platform,
        year,
        wave_number,
        cast(processing_timestamp as date) as upload_day,
        count(*) as uploads,
        sum(case when status = 'failed' then 1 else 0 end) as failed_uploads,
        sum(case when status = 'completed' then row_count else 0 end) as records,
        sum(case when status = 'completed' then duration_seconds end) as load_seconds
    from steps
    group by client_schema, client, platform, year, wave_number, cast(processing_timestamp as date)

)

select * from final
