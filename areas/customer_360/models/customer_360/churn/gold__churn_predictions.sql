{{ config(materialized='table') }}

with

scores as (

    select * from {{ ref('gold__churn_scores') }}
    where split = 'current'

),

final as (

    select
        cast(customer_id as bigint) as customer_id,
        cast(as_of_day as date) as as_of_day,
        cast(churn_probability as double) as churn_probability,
        -- the first decile is the likeliest to leave
        cast(ntile(10) over (order by churn_probability desc, customer_id asc) as bigint) as churn_decile,
        cast(reason_1 as varchar) as reason_1,
        cast(reason_2 as varchar) as reason_2,
        cast(reason_3 as varchar) as reason_3,
        cast(weight_1 as double) as weight_1,
        cast(weight_2 as double) as weight_2,
        cast(weight_3 as double) as weight_3,
        cast(model_run_id as varchar) as model_run_id
    from scores

)

select * from final
