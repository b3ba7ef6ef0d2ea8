{# The transactions of some days, for all customers of a table of traits: whole numbers and drawn numbers alone, so that every warehouse
   makes the same rows. A day of a customer has none, or one to three, as activity, weekday, season and the customer's trend have it;
   amounts are log-normal within a category. The same days again give the same rows and transaction_ids.
   Arguments: traits (relation: customer_traits), habits (relation: spending_habits_sql), plan (mapping: see customer_traits), first (SQL
     date expression), first_number (the same as a day number), days (how many), batch_id (for the rows); each of the last three a number,
     or a SQL expression.
   Returns: a select statement (text) in the order of raw_transactions' columns.
   Example: insert into bronze.raw_transactions {{ generate_transactions_sql('bronze.customer_traits', 'bronze.spending_habits', plan,
     "cast('2026-07-01' as date)", 9678, 1, 19) }} #}
{% macro generate_transactions_sql(traits, habits, plan, first, first_number, days, batch_id) %}
{%- set months = [940, 930, 980, 1000, 1010, 1040, 1060, 1030, 990, 1010, 1120, 1200] -%}
{%- set weekdays = [930, 930, 950, 990, 1120, 1190, 1040] -%}
with

calendar as (

    select
        cast(number + {{ first_number }} as bigint) as day_number,
        {{ add_days(first, 'number') }} as transaction_date
    from ({{ numbers(days, 4) }}) as counted

),

-- 2000-01-01 was a Saturday
seasons as (

    select
        day_number,
        transaction_date,
        case (day_number + 5) % 7 {%- for factor in weekdays %} when {{ loop.index0 }} then {{ factor }}{% endfor %} end as of_weekday,
        case extract(month from transaction_date) {%- for factor in months %} when {{ loop.index }} then {{ factor }}{% endfor %} end as of_month,
        case when extract(month from transaction_date) between 4 and 9 then 1024 else 90 end as of_half_year,
        (day_number * 1103515 + 99991) % 2147483647 as mixed
    from calendar

),

factors as (

    select
        day_number,
        transaction_date,
        {{ scrambled('mixed') }} as day_draw,
        cast({{ high_bits('of_weekday * of_month', 10) }} as bigint) as usual,
        cast({{ high_bits('of_weekday * of_half_year', 10) }} as bigint) as seasonal
    from seasons

),

cells as (

    select
        traits.customer_id,
        traits.segment,
        factors.day_number,
        factors.transaction_date,
        (traits.draw + factors.day_draw) % 2147483647 as mixed,
        traits.activity
        * case when traits.decline = 3 then factors.seasonal else factors.usual end
        * least(1024, greatest(traits.trend_floor, traits.trend_base + (factors.day_number - traits.trend_start) * traits.trend_slope)) as chance
    from {{ traits }} as traits
    cross join factors
    where factors.day_number between traits.open_day and traits.close_day

),

drawn as (

    select
        customer_id,
        segment,
        day_number,
        transaction_date,
        chance,
        {{ scrambled('mixed') }} as draw
    from cells

),

active_days as (

    select
        customer_id,
        segment,
        day_number,
        transaction_date,
        draw,
        case when {{ high_bits('draw', 28) }} = 0 then 3 when {{ high_bits('draw', 28) }} < 3 then 2 else 1 end as purchases
    from drawn
    where {{ low_bits('draw', 16) }} < {{ high_bits('chance', 20) }}

),

purchases as (
{{ times_over('active_days', ['customer_id', 'segment', 'day_number', 'transaction_date', 'draw'], 'purchases', 'place') }}
),

mixed_again as (

    select
        customer_id,
        segment,
        day_number,
        transaction_date,
        place,
        (draw + (place + 1) * 1000003) % 2147483647 as mixed
    from purchases

),

kinds as (

    select
        customer_id,
        segment,
        day_number,
        transaction_date,
        place,
        {{ scrambled('mixed') }} as draw
    from mixed_again

),

with_habits as (

    select
        kinds.customer_id,
        kinds.day_number,
        kinds.transaction_date,
        kinds.place,
        habits.merchant_name,
        habits.merchant_category,
        habits.median_cents,
        {{ low_bits(high_bits('kinds.draw', 8), 7) }} as channel_draw,
        habits.online_below,
        habits.in_store_below,
        {{ low_bits(high_bits('kinds.draw', 15), 10) }} as status_draw,
        {{ next_draw('kinds.draw') }} as amount_draw,
        habits.spread
    from kinds
    inner join {{ habits }} as habits on habits.habit = kinds.segment * 256 + {{ low_bits('kinds.draw', 8) }}

),

-- three equally likely numbers added make nearly a normal one (mean 1534.5, standard deviation 512): the exponent of two, in 65536ths, by 16 too high
with_exponents as (

    select
        *,
        ({{ low_bits('amount_draw', 10) }} + {{ low_bits(high_bits('amount_draw', 10), 10) }} + {{ low_bits(high_bits('amount_draw', 20), 10) }} - 1534) * spread + 1048576 as exponent
    from with_habits

),

with_fractions as (

    select
        *,
        {{ low_bits('exponent', 16) }} as fraction
    from with_exponents

)

select
    day_number * 10000000 + customer_id * 4 + place as transaction_id,
    customer_id,
    transaction_date,
    -- two to the power of the fraction, by a polynomial of the third degree
    cast(cast(least(999999, greatest(100, {{ high_bits(times_power_of_two(
        'median_cents * (65536 + ' ~ high_bits('fraction * (45549 + ' ~ high_bits('fraction * (14877 + ' ~ high_bits('fraction * 5127', 16) ~ ')', 16) ~ ')', 16) ~ ')',
        high_bits('exponent', 16)
    ), 32) }})) as decimal(18, 2)) / 100 as decimal(9, 2)) as transaction_amount,
    merchant_name,
    merchant_category,
    case when channel_draw < online_below then 'Online' when channel_draw < in_store_below then 'In-Store' else 'Mobile' end as channel,
    case when status_draw < 31 then 'declined' else 'approved' end as status,
    cast({{ batch_id }} as bigint) as batch_id
from with_fractions
{% endmacro %}
