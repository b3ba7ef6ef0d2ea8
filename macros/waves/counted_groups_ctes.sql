{# The steps of judged_rows_sql() that decide, campaign by campaign, which export's rows count for which days. Rows without a campaign are
   judged among each other here. What one export gives side by side is never judged against itself.
   Returns: CTEs (text), the last of them counted: row_group, load_id, breakdown_count, date_start, date_end, amount_spent, campaign,
     superseded_by and superseded_because.
   Example: {{ counted_groups_ctes() }} #}
{% macro counted_groups_ctes() %}
{%- set of_different_loads = 'least(longer.first_load, shorter.first_load) <> greatest(longer.last_load, shorter.last_load)' -%}
{#- folded_rows_sql() has whole numbers alone: a span is its last day, first day and load, a state the first day and load that counted last -#}
{%- set last_day = whole_quotient('{value}', 1000000000000) -%}
{%- set first_day = '(' ~ whole_quotient('{value}', 100000) ~ ' % 10000000)' -%}
{%- set load = '{value} % 100000' -%}
{%- set reached_day = whole_quotient('{state}', 200000) -%}
{%- set reached_load = whole_quotient('{state}', 2) ~ ' % 100000' -%}
{%- set is_crossing = last_day ~ ' >= ' ~ reached_day ~ ' and ' ~ load ~ ' <> ' ~ reached_load -%}
{%- set step = 'case when ' ~ is_crossing ~ ' then {state} - {state} % 2 + 1 else (least(' ~ first_day ~ ', ' ~ reached_day ~ ') * 100000 + ' ~ load ~ ') * 2 end' %}

-- 3. exactly the same days: one kind of export, the finest of those that add up to what the latest wave has; within a wave, to the most
summed as (

    select
        *,
        sum(amount_spent) over (partition by campaign, date_start, date_end, breakdowns, level_rank) as kind_spent,
        max(left(precedence, 6)) over (partition by campaign, date_start, date_end, breakdowns, level_rank) as kind_wave,
        sum(row_count) over (partition by campaign, date_start, date_end) as rows_of_days
    from row_groups

),

held as (

    select
        *,
        -- what has no spend says nothing of it
        first_value(kind_spent) over (
            partition by campaign, date_start, date_end
            order by breakdown_count, case when kind_spent > 0 then 0 else 1 end, kind_wave desc, kind_spent desc
            rows between unbounded preceding and unbounded following
        ) as held_spent
    from summed

),

ranked as (

    select
        *,
        {%- for column in ['load_id', 'level_rank', 'breakdowns', 'breakdown_count'] %}
        first_value({{ column }}) over (
            partition by campaign, date_start, date_end
            order by
                breakdown_count,
                case when abs(kind_spent - held_spent) <= 0.005 * (1 + rows_of_days) then 0 else 1 end,
                level_rank,
                precedence desc
            rows between unbounded preceding and unbounded following
        ) as best_{{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    from held

),

spans as (

    select
        campaign,
        date_start,
        date_end,
        max(load_id) as load_id,
        min(load_id) as first_load,
        max(load_id) as last_load,
        max(best_breakdown_count) as breakdown_count,
        sum(amount_spent) as amount_spent,
        count(*) as group_count
    from ranked
    where
        level_rank = best_level_rank
        and breakdowns = best_breakdowns
    group by campaign, date_start, date_end

),

-- 4. what lies within a span of several days counts in its place, if it covers all of it
nested as (

    select
        longer.campaign,
        longer.date_start as longer_start,
        longer.date_end as longer_end,
        longer.amount_spent as longer_spent,
        shorter.date_start,
        shorter.date_end,
        shorter.load_id,
        shorter.amount_spent,
        shorter.group_count
    from spans as longer
    inner join spans as shorter
        on
            longer.campaign = shorter.campaign
            and longer.date_start <= shorter.date_start
            and longer.date_end >= shorter.date_end
    where
        longer.date_start < longer.date_end
        and (longer.date_start < shorter.date_start or longer.date_end > shorter.date_end)
        and (shorter.breakdown_count = 0 or longer.breakdown_count > 0)
        and {{ of_different_loads }}

),

-- days within weeks within a month are added up once
innermost as (

    select nested.*
    from nested
    where not exists (
        select 1
        from nested as deeper
        where
            nested.campaign = deeper.campaign
            and nested.date_start = deeper.longer_start
            and nested.date_end = deeper.longer_end
    )

),

replaced as (

    {{ replaced_spans_sql('nested', 'innermost') | trim }}

),

-- 5. else the span counts, and not what it contains
remaining as (

    select spans.*
    from spans
    left join replaced
        on
            spans.campaign = replaced.campaign
            and spans.date_start = replaced.date_start
            and spans.date_end = replaced.date_end
    where replaced.campaign is null

),

contained as (

    select
        shorter.campaign,
        shorter.date_start,
        shorter.date_end,
        max(longer.load_id) as by_load
    from spans as shorter
    inner join remaining as longer
        on
            shorter.campaign = longer.campaign
            and shorter.date_start >= longer.date_start
            and shorter.date_end <= longer.date_end
    where
        longer.date_start < longer.date_end
        and (longer.date_start < shorter.date_start or longer.date_end > shorter.date_end)
        and {{ of_different_loads }}
    group by shorter.campaign, shorter.date_start, shorter.date_end

),

-- 6. periods that overlap in part: from the latest back, each that ends before the one that counted last begins, counts
numbered as (

    select
        remaining.campaign,
        remaining.date_start,
        remaining.date_end,
        remaining.load_id,
        row_number() over (partition by remaining.campaign order by remaining.date_end desc, remaining.date_start desc) as place,
        -- days since the year 1 (seven digits each) and the load (five), as one number; days that two loads give are of no one's
        (greatest(0, remaining.date_end - cast('0001-01-01' as date)) * 10000000 + greatest(0, remaining.date_start - cast('0001-01-01' as date)))
        * 100000
        + dense_rank() over (partition by remaining.campaign order by remaining.first_load, remaining.last_load)
        + case when remaining.first_load <> remaining.last_load then 50000 else 0 end as days_and_load
    from remaining
    left join contained
        on
            remaining.campaign = contained.campaign
            and remaining.date_start = contained.date_start
            and remaining.date_end = contained.date_end
    where
        contained.campaign is null
        and remaining.campaign in (select campaign from spans where date_start < date_end)

),

-- the state: the first day that was reached, the load that counted last, and 1 where the span crosses what counts
scanned as (

    {{ folded_rows_sql('numbered', 'campaign', 'days_and_load', 'place', (9999999 * 100000 + 99999) * 2, step) | trim | indent(4) }}

),

crossing as (

    select
        crossed.campaign,
        crossed.date_start,
        crossed.date_end,
        later.load_id as by_load
    from (
        select
            campaign,
            place,
            state % 2 as is_crossing,
            max(case when state % 2 = 0 then place end) over (
                partition by campaign order by place rows between unbounded preceding and current row
            ) as counted_place
        from scanned
    ) as places
    inner join numbered as crossed
        on
            places.campaign = crossed.campaign
            and places.place = crossed.place
    inner join numbered as later
        on
            places.campaign = later.campaign
            and places.counted_place = later.place
    where places.is_crossing = 1

),

counted as (

    select
        ranked.row_group,
        ranked.load_id,
        ranked.breakdown_count,
        ranked.date_start,
        ranked.date_end,
        ranked.amount_spent,
        ranked.scope,
        ranked.campaign_name,
        ranked.campaign,
        case
            when ranked.level_rank <> ranked.best_level_rank or ranked.breakdowns <> ranked.best_breakdowns then ranked.best_load_id
            else coalesce(replaced.by_load, contained.by_load, crossing.by_load)
        end as superseded_by,
        case
            when ranked.breakdown_count > 0 and ranked.best_breakdown_count = 0 then 'an export without a breakdown counts'
            when ranked.breakdowns <> ranked.best_breakdowns then 'another breakdown counts'
            when ranked.level_rank > ranked.best_level_rank then 'a finer level counts'
            when ranked.level_rank < ranked.best_level_rank then 'a level with another total counts'
            when replaced.by_load is not null then 'finer days count'
            when contained.by_load is not null then 'an export of more days counts'
            when crossing.by_load is not null then 'a later period that overlaps counts'
        end as superseded_because
    from ranked
    {%- for rule in ['replaced', 'contained', 'crossing'] %}
    left join {{ rule }}
        on
            ranked.campaign = {{ rule }}.campaign
            and ranked.date_start = {{ rule }}.date_start
            and ranked.date_end = {{ rule }}.date_end
    {%- endfor %}

),
{% endmacro %}
