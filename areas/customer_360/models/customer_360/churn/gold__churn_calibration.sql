{{ config(materialized='table') }}

with

judged as (

    select
        *,
        avg(cast(is_churned as double)) over () as churned_of_all,
        ntile(10) over (order by churn_probability desc, customer_id asc, as_of_day asc) as decile
    from {{ ref('gold__churn_scores') }}
    where split = 'judged'

),

final as (

    select
        cast(decile as bigint) as decile,
        cast(count(*) as bigint) as customers,
        cast(avg(churn_probability) as double) as mean_probability,
        cast(avg(cast(is_churned as double)) as double) as churned_share,
        cast(avg(cast(is_churned as double)) / nullif(max(churned_of_all), 0) as double) as lift,
        max(model_run_id) as model_run_id
    from judged
    group by decile

)

select * from final
