with

waves as (

    select * from {{ ref('waves') }}

),

final as (

    select
        client_schema,
        client,
        platform,
        year,
        cast(date_trunc('week', last_upload) as date) as week_start,
        count(*) as waves,
        sum(row_count) as row_count,
        cast(avg(data_quality_score) as decimal(5, 4)) as average_score,
        min(data_quality_score) as lowest_score,
        cast(avg(completeness) as decimal(5, 4)) as completeness,
        cast(avg(validity) as decimal(5, 4)) as validity,
        cast(avg(consistency) as decimal(5, 4)) as consistency,
        cast(avg(uniqueness) as decimal(5, 4)) as uniqueness,
        cast(avg(conformity) as decimal(5, 4)) as conformity,
        cast(avg(coverage) as decimal(5, 4)) as coverage,
        sum(rows_with_issues) as rows_with_issues
    from waves
    group by
        client_schema,
        client,
        platform,
        year,
        cast(date_trunc('week', last_upload) as date)

)

select * from final
