{# What the generator knows of each customer, a row each: how often they buy, when that changes, and the numbers drawn for all else. It
   depends on the arguments alone, so a later day finds the same customers. The curve of a customer's activity is trend_start, trend_base
   (of 1024), trend_slope (per day) and trend_floor.
   Arguments: plan (mapping as the loader's GenerationPlan.for_macros() gives it: customers, seed, first_day and base_last_day as day
     numbers since 2000-01-01, people: how many customers there are by the last day, newcomers: of them in each thirty days; a stored
     procedure hands in its variables).
   Returns: a select statement (text).
   Example: create table traits as {{ customer_traits(plan) }} #}
{% macro customer_traits(plan) %}
with

people as (

    select cast(number + 1 as bigint) as customer_id
    from ({{ numbers(plan.people) }}) as counted

),

seeded as (

    select
        customer_id,
        (customer_id * 7919 + {{ plan.seed }} % 2147483647 * 104729 + 12345) % 2147483647 as mixed
    from people

),

drawn as (

    select
        customer_id,
        {{ scrambled('mixed') }} as draw
    from seeded

),

with_segments as (

    select
        customer_id,
        draw,
        case
            when customer_id > {{ plan.customers }} then 4
            {%- set shares = namespace(sum=0) %}
            {%- for segment in spending_segments() %}
            {%- set shares.sum = shares.sum + segment.share %}
            {%- if not loop.last %}
            when {{ next_draw('draw', 1) }} % 100 < {{ shares.sum }} then {{ loop.index0 }}
            {%- else %}
            else {{ loop.index0 }}
            {%- endif %}
            {%- endfor %}
        end as segment
    from drawn

),

with_days as (

    select
        customer_id,
        draw,
        segment,
        case
            when segment = 3 then 1 + {{ next_draw('draw', 2) }} % 3
            else 0
        end as decline,
        case
            when customer_id > {{ plan.customers }}
                then
                    {{ plan.base_last_day }} + 1
                    + {{ whole_quotient('customer_id - ' ~ plan.customers ~ ' - 1', plan.newcomers) }} * 30
                    + {{ next_draw('draw', 3) }} % 30
            when segment = 4 then {{ plan.base_last_day }} - 60 - {{ next_draw('draw', 3) }} % greatest({{ plan.base_last_day }} - {{ plan.first_day }} - 59, 1)
            else {{ plan.first_day }} - 30 - {{ next_draw('draw', 3) }} % 3000
        end as open_day
    from with_segments

),

with_trends as (

    select
        *,
        case
            when segment = 4 then open_day
            when decline > 0 then {{ plan.first_day }} + 90 + {{ next_draw('draw', 4) }} % 540
            else {{ plan.first_day }} + 60 + {{ next_draw('draw', 4) }} % 12000
        end as trend_start
    from with_days

)

select
    customer_id,
    draw,
    segment,
    decline,
    open_day,
    trend_start,
    case when segment = 4 then 400 else 1024 end as trend_base,
    case when segment = 4 then 3 when decline = 1 then -6 when decline = 2 then -51 when decline = 3 then 0 else -34 end as trend_slope,
    case when segment = 4 then 400 else 0 end as trend_floor,
    case
        when segment <> 4 and decline in (0, 2) and {{ next_draw('draw', 5) }} % 4 = 0 then trend_start + 60 + {{ next_draw('draw', 6) }} % 60
        else 99999
    end as close_day,
    {{ high_bits("(case segment" ~ segment_cases('activity') ~ " end) * (512 + " ~ next_draw('draw', 7) ~ " % 1024)", 10) }} as activity
from with_trends
{% endmacro %}
