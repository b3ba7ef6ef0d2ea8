{%- set reporting_currency = text_literal(var('reporting_currency')) -%}
{%- set parts = [
    ['impressions', 0],
    ['clicks', 0],
    ['conversions', 6],
    ['conversion_value', 6],
    ['amount_spent', 6],
] -%}
with

totals as (
    {{ day_totals_of_clients() }}
),

clients as (

    select * from {{ ref('clients') }}

),

daily_exchange_rates as (

    select * from {{ ref('daily_exchange_rates') }}

),

days_counted as (

    select
        *,
        coalesce(date_end - date_start + 1, 1) as days_in_row
    from totals

),

digits as (
    {%- for digit in range(10) %}
    select {{ digit }} as digit
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

numbers as (

    select ones.digit + 10 * tens.digit + 100 * hundreds.digit + 1000 * thousands.digit as number
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds
    cross join digits as thousands

),

-- a row of one day, or of none that is known, is as it is
of_one_day as (

    select
        client_schema,
        date_start as date_day,
        campaign_id,
        campaign_name,
        ad_set_id,
        ad_set_name,
        ad_id,
        ad_name,
        level,
        currency,
        conversion_type,
        days_in_row,
        row_count,
        {%- for name, scale in parts %}
        cast({{ name }} as decimal(38, {{ scale }})) as {{ name }}{{ "," if not loop.last }}
        {%- endfor %}
    from days_counted
    where days_in_row <= 1

),

of_several_days as (

    select
        totals.client_schema,
        {{ add_days('totals.date_start', 'numbers.number') }} as date_day,
        totals.campaign_id,
        totals.campaign_name,
        totals.ad_set_id,
        totals.ad_set_name,
        totals.ad_id,
        totals.ad_name,
        totals.level,
        totals.currency,
        totals.conversion_type,
        totals.days_in_row,
        case when numbers.number = 0 then totals.row_count else 0 end as row_count,
        {%- for name, scale in parts %}
        {%- set part = spread_over_days('totals.' ~ name, 'numbers.number', 'totals.days_in_row', scale) %}
        {{ part }} as {{ name }}{{ "," if not loop.last }}
        {%- endfor %}
    from days_counted as totals
    inner join numbers on totals.days_in_row > numbers.number
    where
        totals.days_in_row > 1
        and {{ 'true' if var('rows_of_several_days') == 'spread' else 'false' }}

),

days as (

    select
        client_schema,
        date_day,
        campaign_id,
        campaign_name,
        ad_set_id,
        ad_set_name,
        ad_id,
        ad_name,
        level,
        currency,
        conversion_type,
        days_in_row,
        row_count,
        impressions,
        clicks,
        conversions,
        conversion_value,
        amount_spent
    from of_one_day
    union all
    select
        client_schema,
        date_day,
        campaign_id,
        campaign_name,
        ad_set_id,
        ad_set_name,
        ad_id,
        ad_name,
        level,
        currency,
        conversion_type,
        days_in_row,
        row_count,
        impressions,
        clicks,
        conversions,
        conversion_value,
        amount_spent
    from of_several_days

),

converted as (

    select
        days.*,
        nullif({{ reporting_currency }}, '') as reporting_currency,
        {{ exchange_factor('days.currency', 'row_rates.rate', reporting_currency, 'report_rates.rate') }} as factor,
        least(
            coalesce(row_rates.rate_day, days.date_day), coalesce(report_rates.rate_day, days.date_day)
        ) as rate_day
    from days
    {{ join_exchange_rates('days', reporting_currency, 'daily_exchange_rates') | indent }}

),

-- a rate of several clients is of those that report both of its parts
reporting as (

    select
        client_schema,
        {%- for name, _ in parts %}
        max(case when {{ name }} is null then 0 else 1 end) = 1 as reports_{{ name }}{{ "," if not loop.last }}
        {%- endfor %}
    from days
    group by client_schema

),

final as (

    select
        converted.client_schema,
        clients.client,
        coalesce(nullif(clients.brand, ''), clients.client) as brand,
        clients.platform,
        clients.year,
        converted.date_day,
        converted.campaign_id,
        converted.campaign_name,
        converted.ad_set_id,
        converted.ad_set_name,
        converted.ad_id,
        converted.ad_name,
        converted.level,
        converted.currency,
        converted.conversion_type,
        converted.days_in_row,
        converted.row_count,
        converted.impressions,
        converted.clicks,
        converted.conversions,
        converted.conversion_value,
        converted.amount_spent,
        {%- for name, _ in parts %}
        reporting.reports_{{ name }},
        {%- endfor %}
        converted.reporting_currency,
        case
            when converted.reporting_currency is null then 'no reporting currency'
            when converted.currency is null then 'no currency'
            when converted.currency = converted.reporting_currency then 'reporting currency'
            when converted.factor is null then 'no rate'
            when converted.rate_day < converted.date_day then 'rate of an earlier day'
            else 'rate of the day'
        end as exchange_rate_status,
        cast(round(converted.factor * converted.amount_spent, 6) as decimal(38, 6)) as amount_spent_reported,
        cast(round(converted.factor * converted.conversion_value, 6) as decimal(38, 6)) as conversion_value_reported
    from converted
    inner join clients on converted.client_schema = clients.client_schema
    inner join reporting on converted.client_schema = reporting.client_schema

)

select * from final
