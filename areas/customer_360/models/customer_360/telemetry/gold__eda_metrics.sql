{{ config(materialized='view') }}

{%- set totals %}
        sum(transactions) as transactions,
        sum(approved_transactions) as approved,
        sum(approved_amount) as amount
{%- endset %}
with

days as (

    select
        days.*,
        categories.merchant_category
    from {{ ref('gold__spend_days') }} as days
    inner join {{ ref('gold__dim_merchant_category') }} as categories
        on days.merchant_category_key = categories.merchant_category_key

),

counted as (
    {% for grouping_name, expression in [
        ('all', "'all'"), ('month', "cast(" ~ month_of('transaction_date') ~ " as varchar)"),
        ('merchant category', 'merchant_category'), ('channel', 'channel'),
    ] %}
    select
        '{{ grouping_name }}' as grouping_name,
        {{ expression }} as group_value,
        {{ totals }}
    from days
    group by {{ expression }}
    {{ "union all" if not loop.last }}
    {%- endfor %}

),

segments as (

    select
        segment,
        count(*) as customers,
        sum(spend_90_days) as spend_90_days
    from {{ ref('gold__customer_segments') }}
    group by segment

),

final as (
    {% for metric, expression in [
        ('transactions', 'transactions'), ('approved share', 'approved / nullif(cast(transactions as double), 0)'),
        ('spend', 'amount'), ('average transaction value', 'amount / nullif(cast(approved as double), 0)'),
    ] %}
    select
        '{{ metric }}' as metric,
        grouping_name,
        group_value,
        cast({{ expression }} as double) as metric_value
    from counted
    union all
    {%- endfor %}
    select
        'customers' as metric,
        'segment' as grouping_name,
        segment as group_value,
        cast(customers as double) as metric_value
    from segments
    union all
    select
        'spend of 90 days' as metric,
        'segment' as grouping_name,
        segment as group_value,
        cast(spend_90_days as double) as metric_value
    from segments
    union all
    select
        'customers' as metric,
        'all' as grouping_name,
        'all' as group_value,
        cast(sum(customers) as double) as metric_value
    from segments

)

select
    metric,
    grouping_name,
    group_value,
    metric_value,
    {{ last_transaction_day(ref('gold__fct_transactions')) }} as as_of_day
from final
