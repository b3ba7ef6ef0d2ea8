{{ config(materialized='view') }}
with

performance as (

    select * from {{ ref('performance_by_day') }}

),

daily_exchange_rates as (

    select * from {{ ref('daily_exchange_rates') }}

),

-- every currency that amounts can be given in: none where there are no rates
reporting_currencies as (

    select currency as reporting_currency
    from daily_exchange_rates
    union
    select {{ text_literal(var('exchange_rate_base')) }} as reporting_currency
    from daily_exchange_rates

),

converted as (

    select
        performance.*,
        reporting_currencies.reporting_currency as wanted_currency,
        {{ exchange_factor(
            'performance.currency', 'row_rates.rate', 'reporting_currencies.reporting_currency', 'report_rates.rate'
        ) }} as factor,
        least(
            coalesce(row_rates.rate_day, performance.date_day), coalesce(report_rates.rate_day, performance.date_day)
        ) as rate_day
    from performance
    cross join reporting_currencies
    {{ join_exchange_rates('performance', 'reporting_currencies.reporting_currency', 'daily_exchange_rates') | indent }}

),

-- a rate such as CPC is of rows whose amounts are known in this currency
final as (

    select
        client_schema,
        client,
        brand,
        platform,
        year,
        date_day,
        campaign_id,
        campaign_name,
        ad_set_id,
        ad_set_name,
        ad_id,
        ad_name,
        level,
        wanted_currency as reporting_currency,
        currency,
        case when factor is not null and currency <> wanted_currency then rate_day end as rate_day,
        conversion_type,
        row_count,
        impressions,
        clicks,
        conversions,
        cast(round(factor * conversion_value, 6) as decimal(38, 6)) as conversion_value,
        cast(round(factor * amount_spent, 6) as decimal(38, 6)) as amount_spent,
        case when factor is null then amount_spent end as amount_spent_without_rate,
        reports_impressions,
        reports_clicks,
        reports_conversions,
        reports_conversion_value and factor is not null as reports_conversion_value,
        reports_amount_spent and factor is not null as reports_amount_spent
    from converted

)

select * from final
