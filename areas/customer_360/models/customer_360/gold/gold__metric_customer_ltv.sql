{#- areas/customer_360/docs/customer_360.md states the method and its assumptions. -#}
{{ config(materialized='table') }}

{%- set last_day = last_transaction_day(ref('gold__fct_transactions')) %}
{%- set settings = var('customer_360') %}
{%- set window_start = add_months(first_of_unfinished_month(last_day), -settings.ltv_window_months) %}
{%- set window_end = first_of_unfinished_month(last_day) %}
with

segments as (

    select * from {{ ref('gold__customer_segments') }}

),

customers as (

    select
        customer_id,
        account_open_date,
        account_closed_date
    from {{ ref('gold__dim_customer') }}
    where
        is_current
        and customer_id is not null

),

months as (

    select * from {{ ref('gold__customer_months') }}
    where approved_transactions > 0

),

so_far as (

    select
        customer_id,
        sum(approved_amount) as total_spend,
        sum(
            case when month_start >= {{ window_start }} and month_start < {{ window_end }} then approved_amount else 0 end
        ) as window_spend
    from months
    group by customer_id

),

-- of those who bought in a month of the window, who bought in the month after it too
retained as (

    select
        segments.segment,
        cast(count(following.customer_id) as double) / count(*) as observed_retention
    from months
    inner join segments on months.customer_id = segments.customer_id
    left join months as following
        on
            months.customer_id = following.customer_id
            and following.month_start = {{ add_months('months.month_start', 1) }}
    where
        months.month_start >= {{ window_start }}
        and months.month_start < {{ add_months(window_end, -1) }}
    group by segments.segment

),

rates as (

    select
        segment,
        least({{ settings.ltv_highest_retention }}, greatest({{ settings.ltv_lowest_retention }}, observed_retention))
            as monthly_retention
    from retained

),

measured as (

    select
        customers.customer_id,
        segments.segment,
        customers.account_closed_date is not null as is_closed,
        cast(coalesce(so_far.total_spend, 0) as double) as total_spend,
        cast(coalesce(so_far.window_spend, 0) as double)
        / least(
            {{ settings.ltv_window_months }},
            greatest(1, {{ dbt.datediff('customers.account_open_date', window_end, 'month') }})
        ) as monthly_spend,
        coalesce(rates.monthly_retention, {{ settings.ltv_lowest_retention }}) as monthly_retention
    from customers
    inner join segments on customers.customer_id = segments.customer_id
    left join so_far on customers.customer_id = so_far.customer_id
    left join rates on segments.segment = rates.segment

),

valued as (

    select
        *,
        monthly_retention / (1 + {{ settings.ltv_monthly_discount }}) as kept
    from measured

),

final as (

    select
        {{ last_day }} as as_of_day,
        customer_id,
        segment,
        cast(total_spend as decimal(18, 2)) as total_spend,
        cast(monthly_spend as decimal(18, 2)) as monthly_spend,
        cast(monthly_retention as double) as monthly_retention,
        cast(total_spend * {{ settings.ltv_margin }} as decimal(18, 2)) as margin_so_far,
        cast(
            case
                when is_closed then 0
                else
                    monthly_spend * {{ settings.ltv_margin }}
                    * kept * (1 - power(kept, {{ settings.ltv_horizon_months }})) / (1 - kept)
            end as decimal(18, 2)
        ) as expected_margin,
        cast(
            total_spend * {{ settings.ltv_margin }}
            + case
                when is_closed then 0
                else
                    monthly_spend * {{ settings.ltv_margin }}
                    * kept * (1 - power(kept, {{ settings.ltv_horizon_months }})) / (1 - kept)
            end as decimal(18, 2)
        ) as lifetime_value
    from valued

)

select * from final
