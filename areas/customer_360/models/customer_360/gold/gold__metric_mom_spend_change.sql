{{ config(materialized='table') }}

{%- set last_day = last_transaction_day(ref('gold__fct_transactions')) %}
with

months as (

    select
        months.month_start,
        segments.segment,
        months.approved_amount,
        months.customer_id
    from {{ ref('gold__customer_months') }} as months
    left join {{ ref('gold__customer_segments') }} as segments on months.customer_id = segments.customer_id
    where months.approved_transactions > 0

),

summed as (

    select
        month_start,
        coalesce(segment, 'unknown') as segment,
        cast(count(*) as bigint) as active_customers,
        sum(approved_amount) as spend
    from months
    group by month_start, coalesce(segment, 'unknown')
    union all
    select
        month_start,
        'all' as segment,
        cast(count(*) as bigint) as active_customers,
        sum(approved_amount) as spend
    from months
    group by month_start

),

compared as (

    select
        *,
        lag(month_start) over (partition by segment order by month_start) as row_before,
        lag(spend) over (partition by segment order by month_start) as spend_of_row_before
    from summed

),

with_before as (

    select
        *,
        -- a month without any purchase has no row
        case when row_before = {{ add_months('month_start', -1) }} then spend_of_row_before end as spend_before
    from compared

),

final as (

    select
        month_start,
        segment,
        month_start < {{ first_of_unfinished_month(last_day) }} as is_whole_month,
        active_customers,
        cast(spend as decimal(18, 2)) as spend,
        cast(spend_before as decimal(18, 2)) as spend_before,
        cast(spend - spend_before as decimal(18, 2)) as spend_change,
        cast((spend - spend_before) / nullif(spend_before, 0) as double) as spend_change_share
    from with_before

)

select * from final
