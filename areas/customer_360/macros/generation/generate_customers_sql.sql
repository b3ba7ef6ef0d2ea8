{# The customers as the issuer's system would export them on a day: those whose account is open by then, each cell as text. City, card and
   limit change on days of their own, and accounts are closed, so that a later day gives other rows.
   Arguments: traits (relation: customer_traits), plan (mapping: see customer_traits), as_of (SQL text expression: the day as YYYY-MM-DD),
     as_of_number (the same as a day number, or a SQL expression).
   Returns: a select statement (text): the declared fields of the feed customer_360.customers, in their order.
   Example: insert into bronze.raw_customers {{ generate_customers_sql('bronze.customer_traits', plan, "'2026-06-30'", 9677) }} #}
{% macro generate_customers_sql(traits, plan, as_of, as_of_number) %}
{%- set places = customer_places() -%}
{%- set first = plan.first_day -%}
{%- set city -%}case when {{ next_draw('draw', 13) }} % 3650 + {{ first }} + 30 <= {{ as_of_number }} then 7 else 0 end + {{ next_draw('draw', 12) }}{%- endset -%}
with

standing as (

    select
        customer_id,
        draw,
        segment,
        decline,
        open_day,
        close_day,
        {{ drawn_text(places.first_names, next_draw('draw', 8)) }} as first_name,
        {{ drawn_text(places.last_names, next_draw('draw', 9)) }} as last_name,
        {{ drawn_text(places.cities, city) }} as place,
        21 + {{ next_draw('draw', 10) }} % 40 + {{ next_draw('draw', 11) }} % 26 as age,
        least(
            {{ card_types() | length - 1 }},
            case segment {%- for segment in spending_segments() %} when {{ loop.index0 }} then {{ segment.cards[0] }} + {{ next_draw('draw', 14) }} % {{ segment.cards[1] - segment.cards[0] + 1 }}{% endfor %} end
            + case when {{ next_draw('draw', 15) }} % 4000 + {{ first }} + 60 <= {{ as_of_number }} then 1 else 0 end
        ) as card
    from {{ traits }}
    where open_day <= {{ as_of_number }}

),

with_limits as (

    select
        *,
        case card {%- for card in card_types() %} when {{ loop.index0 }} then {{ card.lowest }} + {{ next_draw('draw', 16) }} % {{ (card.highest - card.lowest) // 500 + 1 }} * 500{% endfor %} end as first_limit
    from standing

)

select
    cast(customer_id as varchar) as customer_id,
    first_name,
    last_name,
    lower(replace(first_name || '.' || last_name, '''', '')) || cast(customer_id as varchar) || '@example.com' as email,
    cast(age as varchar) as age,
    split_part(place, '|', 2) as state,
    split_part(place, '|', 1) as city,
    case
        when age >= 67 then 'Retired'
        when age <= 24 and {{ next_draw('draw', 17) }} % 100 < 55 then 'Student'
        when {{ next_draw('draw', 18) }} % 100 < 74 then 'Employed'
        when {{ next_draw('draw', 18) }} % 100 < 91 then 'Self-employed'
        else 'Unemployed'
    end as employment_status,
    case card {%- for card in card_types() %} when {{ loop.index0 }} then {{ text_literal(card.name) }}{% endfor %} end as card_type,
    cast(
        case
            when {{ next_draw('draw', 19) }} % 2500 + {{ first }} + 45 <= {{ as_of_number }} then {{ whole_quotient('first_limit * 5', 4) }}
            else first_limit
        end as varchar
    ) as credit_limit,
    {{ date_text(add_days("cast('2000-01-01' as date)", 'open_day')) }} as account_open_date,
    case when close_day <= {{ as_of_number }} then {{ date_text(add_days("cast('2000-01-01' as date)", 'close_day')) }} end as account_closed_date,
    case segment{{ segment_cases('name') }} end as customer_segment,
    case decline when 1 then 'gradual' when 2 then 'sudden' when 3 then 'seasonal' end as decline_type,
    {{ as_of }} as exported_on
from with_limits
{% endmacro %}
