with

steps as (

    select *
    from {{ ref('processing_steps') }}
    where
        cast(processing_timestamp as date) <= {{ as_of_date() }}
        and cast(processing_timestamp as date) > {{ as_of_date() }} - 7

),

waves as (

    select *
    from {{ ref('waves') }}
    where
        cast(last_upload as date) <= {{ as_of_date() }}
        and cast(last_upload as date) > {{ as_of_date() }} - 7

),

step_figures as (

    select
        count(
            distinct case when processing_stage = 'UPLOAD' and status = 'SUCCESS' then client_schema end
        ) as active_clients,
        sum(case when processing_stage = 'UPLOAD' and status = 'SUCCESS' then row_count else 0 end) as records,
        sum(case when status = 'ERROR' then 1 else 0 end) as failed_steps,
        count(*) as steps,
        sum(case when processing_stage = 'UPLOAD' and status = 'ERROR' then 1 else 0 end) as failed_uploads,
        sum(case when processing_stage = 'UPLOAD' and status in ('SUCCESS', 'ERROR') then 1 else 0 end) as uploads
    from steps

),

seconds_by_wave as (

    select
        client_schema,
        wave_number,
        sum(duration_seconds) as load_seconds
    from steps
    where
        processing_stage = 'UPLOAD'
        and status = 'SUCCESS'
    group by client_schema, wave_number

),

wave_figures as (

    select
        count(*) as waves,
        cast(avg(cast(data_quality_score as double)) as decimal(5, 4)) as average_score
    from waves

),

time_figures as (

    select cast(avg(cast(load_seconds as double)) as decimal(18, 3)) as load_seconds_per_wave
    from seconds_by_wave

),

final as (

    select
        {{ as_of_date() }} - 6 as first_day,
        {{ as_of_date() }} as last_day,
        step_figures.active_clients,
        wave_figures.waves,
        wave_figures.average_score,
        cast(coalesce(step_figures.records, 0) as bigint) as records,
        cast(cast(step_figures.failed_steps as double) / nullif(step_figures.steps, 0) as decimal(7, 4)) as error_rate,
        cast(
            1 - cast(step_figures.failed_uploads as double) / nullif(step_figures.uploads, 0) as decimal(7, 4)
        ) as upload_success_rate,
        time_figures.load_seconds_per_wave
    from step_figures
    cross join wave_figures
    cross join time_figures

)

select * from final
