{#- A row for each model that was trained: what it was trained on, and how it did on later days beside two baselines.
    The figures are computed here from the judged rows, and not taken from the library that trained it. -#}
{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key='model_run_id',
        on_schema_change='append_new_columns',
        full_refresh=false,
    )
}}

with

judged as (

    select
        *,
        cast(is_churned as double) as outcome
    from {{ ref('gold__churn_scores') }}
    where split = 'judged'

),

{%- for name, score in [
    ('model', 'churn_probability'), ('logistic', 'logistic_probability'), ('recency', 'recency_days'),
] %}

{{ name }}_ranked as (

    select
        outcome,
        {{ score }} as score,
        rank() over (order by {{ score }}) + (count(*) over (partition by {{ score }}) - 1) / 2.0 as middle_rank
    from judged

),

-- the area under the ROC curve by the ranks of those who left (Mann and Whitney); equal scores share their rank
{{ name }}_area as (

    select
        (sum(case when outcome = 1 then middle_rank else 0 end) - sum(outcome) * (sum(outcome) + 1) / 2)
        / nullif(sum(outcome) * (count(*) - sum(outcome)), 0) as area
    from {{ name }}_ranked

),

{{ name }}_levels as (

    select
        score,
        sum(outcome) as churned,
        count(*) as customers
    from {{ name }}_ranked
    group by score

),

{{ name }}_cumulated as (

    select
        churned,
        sum(churned) over (order by score desc) as churned_so_far,
        sum(customers) over (order by score desc) as customers_so_far
    from {{ name }}_levels

),

{{ name }}_precision as (

    select sum(churned * churned_so_far / customers_so_far) / nullif(sum(churned), 0) as average_precision
    from {{ name }}_cumulated

),
{%- endfor %}

overall as (

    select
        max(model_run_id) as model_run_id,
        max(seed) as seed,
        max(parameters) as parameters,
        max(learned_rows) as learned_rows,
        min(learned_first_day) as learned_first_day,
        max(learned_last_day) as learned_last_day,
        min(as_of_day) as judged_first_day,
        max(as_of_day) as judged_last_day,
        count(*) as judged_rows,
        avg(outcome) as churned_share,
        avg((churn_probability - outcome) * (churn_probability - outcome)) as brier_score,
        avg((logistic_probability - outcome) * (logistic_probability - outcome)) as logistic_brier_score
    from judged

),

top_decile as (

    select max(lift) as lift
    from {{ ref('gold__churn_calibration') }}
    where decile = 1

),

calibration as (

    select sum(customers * abs(mean_probability - churned_share)) / sum(customers) as calibration_error
    from {{ ref('gold__churn_calibration') }}

),

final as (

    select
        cast(overall.model_run_id as varchar) as model_run_id,
        {{ current_time_utc() }} as trained_at,
        cast(overall.seed as bigint) as seed,
        cast(overall.parameters as varchar) as parameters,
        cast(overall.learned_rows as bigint) as learned_rows,
        cast(overall.learned_first_day as date) as learned_first_day,
        cast(overall.learned_last_day as date) as learned_last_day,
        cast(overall.judged_first_day as date) as judged_first_day,
        cast(overall.judged_last_day as date) as judged_last_day,
        cast(overall.judged_rows as bigint) as judged_rows,
        cast(overall.churned_share as double) as churned_share,
        cast(model_area.area as double) as auc,
        cast(logistic_area.area as double) as logistic_auc,
        cast(recency_area.area as double) as recency_auc,
        cast(model_precision.average_precision as double) as average_precision,
        cast(logistic_precision.average_precision as double) as logistic_average_precision,
        cast(recency_precision.average_precision as double) as recency_average_precision,
        cast(top_decile.lift as double) as top_decile_lift,
        cast(overall.brier_score as double) as brier_score,
        cast(overall.logistic_brier_score as double) as logistic_brier_score,
        cast(calibration.calibration_error as double) as calibration_error
    from overall
    cross join model_area
    cross join logistic_area
    cross join recency_area
    cross join model_precision
    cross join logistic_precision
    cross join recency_precision
    cross join top_decile
    cross join calibration

)

select * from final
{% if is_incremental() %}
-- a run that is registered stays as it is
where model_run_id not in (select standing.model_run_id from {{ this }} as standing)
{% endif %}
