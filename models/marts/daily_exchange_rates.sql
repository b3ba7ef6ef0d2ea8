with

given_rates as (

    select
        cast(day as date) as day,
        upper(trim(currency)) as currency,
        rate
    from {{ ref('exchange_rates') }}

),

-- a day that has two rates of a currency has none: whichever was taken could be the wrong one; the base needs no rate
exchange_rates as (

    select
        day,
        currency,
        cast(case when min(rate) = max(rate) then max(rate) end as decimal(28, 12)) as rate
    from given_rates
    where
        rate > 0
        and day is not null
        and currency <> {{ text_literal(var('exchange_rate_base')) }}
    group by day, currency

),

until_next as (

    select
        day,
        currency,
        rate,
        lead(day) over (partition by currency order by day) as next_day
    from exchange_rates

),

numbers as (

    {{ numbers(var('exchange_rate_days') | int + 1) }}

),

-- central banks set no rate on weekends: that of the last day before holds
final as (

    select
        {{ add_days('until_next.day', 'numbers.number') }} as date_day,
        until_next.currency,
        until_next.rate,
        until_next.day as rate_day
    from until_next
    cross join numbers
    where
        until_next.next_day is null
        or {{ add_days('until_next.day', 'numbers.number') }} < until_next.next_day

)

select * from final
