with

steps as (

    select *
    from {{ ref('processing_steps') }}
    where
        processing_stage = 'UPLOAD'
        and status in ('SUCCESS', 'ERROR')

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
        cast(sum(case when status = 'ERROR' then 1 else 0 end) as bigint) as failed_uploads,
        cast(sum(case when status = 'SUCCESS' then row_count else 0 end) as bigint) as records,
        sum(case when status = 'SUCCESS' then duration_seconds end) as load_seconds
    from steps
    group by client_schema, client, platform, year, wave_number, cast(processing_timestamp as date)

)

select * from final
