with

totals as (
    {{ day_totals_of_clients() }}
),

clients as (

    select * from {{ ref('clients') }}

),

exchange_rates as (

    select * from {{ ref('exchange_rates') }}

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
        cast(impressions as bigint) as impressions,
        cast(clicks as bigint) as clicks,
        cast(conversions as decimal(38, 6)) as conversions,
        cast(conversion_value as decimal(38, 6)) as conversion_value,
        cast(amount_spent as decimal(38, 6)) as amount_spent
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
        cast({{ spread_over_days('totals.impressions', 'numbers.number', 'totals.days_in_row', 0) }} as bigint) as impressions,
        cast({{ spread_over_days('totals.clicks', 'numbers.number', 'totals.days_in_row', 0) }} as bigint) as clicks,
        {{ spread_over_days('totals.conversions', 'numbers.number', 'totals.days_in_row', 6) }} as conversions,
        {{ spread_over_days('totals.conversion_value', 'numbers.number', 'totals.days_in_row', 6) }} as conversion_value,
        {{ spread_over_days('totals.amount_spent', 'numbers.number', 'totals.days_in_row', 6) }} as amount_spent
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

-- the rate of the day, else that of the last day before it: central banks set none on weekends
days_of_rates as (

    select
        days.date_day,
        days.currency,
        max(exchange_rates.day) as rate_day
    from (
        select distinct date_day, currency from days
        union
        select distinct date_day, {{ text_literal(var('reporting_currency')) }} as currency from days
    ) as days
    inner join exchange_rates
        on
            days.currency = exchange_rates.currency
            and days.date_day >= exchange_rates.day
            and days.date_day <= {{ add_days('exchange_rates.day', var('exchange_rate_days') | int) }}
    group by days.date_day, days.currency

),

rates as (

    select
        days_of_rates.date_day,
        days_of_rates.currency,
        days_of_rates.rate_day,
        exchange_rates.rate
    from days_of_rates
    inner join exchange_rates
        on
            days_of_rates.currency = exchange_rates.currency
            and days_of_rates.rate_day = exchange_rates.day

),

converted as (

    select
        days.*,
        nullif({{ text_literal(var('reporting_currency')) }}, '') as reporting_currency,
        -- rates are units of a currency for one of the base, whose own rate is 1
        case
            when days.currency = {{ text_literal(var('reporting_currency')) }} then 1
            else
                cast(case when into_it.currency is null then base.rate else into_it.rate end as double)
                / cast(case when days.currency = {{ text_literal(var('exchange_rate_base')) }} then 1 else out_of.rate end as double)
        end as factor,
        out_of.rate_day as rate_day_of_row,
        into_it.rate_day as rate_day_of_report
    from days
    left join rates as out_of
        on
            days.date_day = out_of.date_day
            and days.currency = out_of.currency
    left join rates as into_it
        on
            days.date_day = into_it.date_day
            and into_it.currency = {{ text_literal(var('reporting_currency')) }}
    left join (select 1 as rate where {{ text_literal(var('reporting_currency')) }} = {{ text_literal(var('exchange_rate_base')) }}) as base
        on true

),

final as (

    select
        converted.client_schema,
        clients.client,
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
        converted.reporting_currency,
        case
            when converted.reporting_currency is null then 'no reporting currency'
            when converted.currency is null then 'no currency'
            when converted.currency = converted.reporting_currency then 'reporting currency'
            when converted.factor is null then 'no rate'
            when coalesce(converted.rate_day_of_row, converted.date_day) < converted.date_day
                or coalesce(converted.rate_day_of_report, converted.date_day) < converted.date_day then 'rate of an earlier day'
            else 'rate of the day'
        end as exchange_rate_status,
        cast(round(converted.factor * cast(converted.amount_spent as double), 2) as decimal(38, 2)) as amount_spent_reported,
        cast(round(converted.factor * cast(converted.conversion_value as double), 2) as decimal(38, 2)) as conversion_value_reported
    from converted
    inner join clients on converted.client_schema = clients.client_schema

)

select * from final
