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
        {{ monday_of('last_upload') }} as week_start,
        count(*) as waves,
        cast(sum(row_count) as bigint) as row_count,
        cast(avg(cast(data_quality_score as double)) as decimal(5, 4)) as average_score,
        min(data_quality_score) as lowest_score,
        cast(avg(cast(completeness as double)) as decimal(5, 4)) as completeness,
        cast(avg(cast(validity as double)) as decimal(5, 4)) as validity,
        cast(avg(cast(consistency as double)) as decimal(5, 4)) as consistency,
        cast(avg(cast(uniqueness as double)) as decimal(5, 4)) as uniqueness,
        cast(avg(cast(conformity as double)) as decimal(5, 4)) as conformity,
        cast(avg(cast(coverage as double)) as decimal(5, 4)) as coverage,
        cast(sum(rows_with_issues) as bigint) as rows_with_issues
    from waves
    group by
        client_schema,
        client,
        platform,
        year,
        {{ monday_of('last_upload') }}

)

select * from final
