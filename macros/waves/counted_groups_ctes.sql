{# The part of judged_rows_sql() that decides, campaign by campaign, which export's rows count for which days.
   Arguments: slots (name of a CTE as slots_ctes() makes it), prefix (string: what the CTEs' names begin with), condition (SQL text: which
     of the slots).
   Returns: CTEs (text), the last of them `{prefix}_judged`: the columns of slots, superseded_by and superseded_because.
   Example: {{ counted_slots_ctes('slots', 'among_campaigns', "campaign <> ''") }} #}
{% macro counted_slots_ctes(slots, prefix, condition) %}
-- exactly the same days: one kind of export
{{ prefix }}_ranked as (

    select
        *,
        {%- for column in ['load_id', 'level_rank', 'breakdowns', 'breakdown_count'] %}
        first_value({{ column }}) over (
            partition by campaign, date_start, date_end order by breakdown_count, level_rank, precedence desc
            rows between unbounded preceding and unbounded following
        ) as best_{{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ slots }}
    where {{ condition }}

),

{{ prefix }}_spans as (

    select
        campaign,
        date_start,
        date_end,
        max(load_id) as load_id,
        min(load_id) as first_load,
        max(load_id) as last_load,
        max(best_breakdown_count) as breakdown_count,
        sum(amount_spent) as amount_spent,
        count(*) as slot_count
    from {{ prefix }}_ranked
    where
        level_rank = best_level_rank
        and breakdowns = best_breakdowns
    group by campaign, date_start, date_end

),

-- what lies within a span of several days, and could be counted in its place
{{ prefix }}_within as (

    select
        longer.campaign,
        longer.date_start as longer_start,
        longer.date_end as longer_end,
        longer.amount_spent as longer_spent,
        shorter.date_start,
        shorter.date_end,
        shorter.load_id,
        shorter.amount_spent,
        shorter.slot_count
    from {{ prefix }}_spans as longer
    inner join {{ prefix }}_spans as shorter
        on
            longer.campaign = shorter.campaign
            and longer.date_start <= shorter.date_start
            and longer.date_end >= shorter.date_end
    where
        longer.date_start < longer.date_end
        and (longer.date_start < shorter.date_start or longer.date_end > shorter.date_end)
        and (shorter.breakdown_count = 0 or longer.breakdown_count > 0)
        and {{ spans_of_different_loads('longer', 'shorter') }}

),

{{ prefix }}_stretches as (

    select
        nested.campaign,
        nested.longer_start,
        nested.longer_end,
        extents.first_day,
        extents.last_day,
        max(extents.last_day) over (
            partition by nested.campaign, nested.longer_start, nested.longer_end
            order by extents.first_day, extents.last_day, extents.load_id rows between unbounded preceding and 1 preceding
        ) as reached
    from (select distinct campaign, longer_start, longer_end, load_id from {{ prefix }}_within) as nested
    inner join extents on nested.load_id = extents.load_id

),

{{ prefix }}_covered as (

    select
        campaign,
        longer_start,
        longer_end
    from {{ prefix }}_stretches
    group by campaign, longer_start, longer_end
    having
        min(first_day) <= longer_start
        and max(last_day) >= longer_end
        and max(case when first_day > {{ add_days('reached', 1) }} then 1 else 0 end) = 0
    union
    select
        campaign,
        longer_start,
        longer_end
    from {{ prefix }}_within as inner_spans
    where not exists (
        select 1
        from {{ prefix }}_within as deeper
        where
            inner_spans.campaign = deeper.campaign
            and inner_spans.date_start = deeper.longer_start
            and inner_spans.date_end = deeper.longer_end
    )
    group by campaign, longer_start, longer_end, longer_spent
    having longer_spent > 0 and sum(amount_spent) >= longer_spent - 0.005 * (1 + sum(slot_count))

),

{{ prefix }}_replaced as (

    select
        covered.campaign,
        covered.longer_start as date_start,
        covered.longer_end as date_end,
        max(nested.load_id) as by_load
    from {{ prefix }}_covered as covered
    inner join {{ prefix }}_within as nested
        on
            covered.campaign = nested.campaign
            and covered.longer_start = nested.longer_start
            and covered.longer_end = nested.longer_end
    group by covered.campaign, covered.longer_start, covered.longer_end

),

{{ prefix }}_standing as (

    select spans.*
    from {{ prefix }}_spans as spans
    left join {{ prefix }}_replaced as replaced
        on
            spans.campaign = replaced.campaign
            and spans.date_start = replaced.date_start
            and spans.date_end = replaced.date_end
    where replaced.campaign is null

),

{{ prefix }}_absorbed as (

    select
        shorter.campaign,
        shorter.date_start,
        shorter.date_end,
        max(longer.load_id) as by_load
    from {{ prefix }}_spans as shorter
    inner join {{ prefix }}_standing as longer
        on
            shorter.campaign = longer.campaign
            and shorter.date_start >= longer.date_start
            and shorter.date_end <= longer.date_end
    where
        longer.date_start < longer.date_end
        and (longer.date_start < shorter.date_start or longer.date_end > shorter.date_end)
        and {{ spans_of_different_loads('longer', 'shorter') }}
    group by shorter.campaign, shorter.date_start, shorter.date_end

),

-- periods that overlap in part: from the latest back, each that ends before the one that counted last begins, counts
{%- set days_end = whole_quotient('{value}', 1000000000000) -%}
{%- set days_start = '(' ~ whole_quotient('{value}', 100000) ~ ' % 10000000)' -%}
{%- set reached = whole_quotient('{state}', 200000) -%}
{%- set is_crossing = days_end ~ ' >= ' ~ reached ~ ' and {value} % 100000 <> ' ~ whole_quotient('{state}', 2) ~ ' % 100000' -%}
{%- set step = 'case when ' ~ is_crossing ~ ' then {state} - {state} % 2 + 1 else (least(' ~ days_start ~ ', ' ~ reached ~ ') * 100000 + {value} % 100000) * 2 end' %}
{{ prefix }}_numbered as (

    select
        standing.campaign,
        standing.date_start,
        standing.date_end,
        standing.load_id,
        row_number() over (partition by standing.campaign order by standing.date_end desc, standing.date_start desc) as place,
        -- days since the year 1 (seven digits each) and the load (five), as one number; days that two loads give are of no one's
        (greatest(0, standing.date_end - cast('0001-01-01' as date)) * 10000000 + greatest(0, standing.date_start - cast('0001-01-01' as date)))
        * 100000
        + dense_rank() over (partition by standing.campaign order by standing.first_load, standing.last_load)
        + case when standing.first_load <> standing.last_load then 50000 else 0 end as days_and_load
    from {{ prefix }}_standing as standing
    left join {{ prefix }}_absorbed as absorbed
        on
            standing.campaign = absorbed.campaign
            and standing.date_start = absorbed.date_start
            and standing.date_end = absorbed.date_end
    where
        absorbed.campaign is null
        and standing.campaign in (select campaign from {{ prefix }}_spans where date_start < date_end)

),

-- the state: the first day that was reached, the load that counted last, and 1 where the span crosses what counts
{{ prefix }}_scanned as (

    {{ folded_rows_sql(prefix ~ '_numbered', 'campaign', 'days_and_load', 'place', (9999999 * 100000 + 99999) * 2, step) }}

),

{{ prefix }}_crossing as (

    select
        crossing.campaign,
        crossing.date_start,
        crossing.date_end,
        counted.load_id as by_load
    from (
        select
            campaign,
            place,
            state % 2 as is_crossing,
            max(case when state % 2 = 0 then place end) over (
                partition by campaign order by place rows between unbounded preceding and current row
            ) as counted_place
        from {{ prefix }}_scanned
    ) as scanned
    inner join {{ prefix }}_numbered as crossing
        on
            scanned.campaign = crossing.campaign
            and scanned.place = crossing.place
    inner join {{ prefix }}_numbered as counted
        on
            scanned.campaign = counted.campaign
            and scanned.counted_place = counted.place
    where scanned.is_crossing = 1

),

{{ prefix }}_judged as (

    select
        ranked.slot,
        ranked.load_id,
        ranked.breakdown_count,
        ranked.date_start,
        ranked.date_end,
        ranked.amount_spent,
        ranked.campaign,
        case
            when ranked.level_rank <> ranked.best_level_rank or ranked.breakdowns <> ranked.best_breakdowns then ranked.best_load_id
            else coalesce(replaced.by_load, absorbed.by_load, crossing.by_load)
        end as superseded_by,
        case
            when ranked.breakdown_count > 0 and ranked.best_breakdown_count = 0 then 'an export without a breakdown counts'
            when ranked.breakdowns <> ranked.best_breakdowns then 'another breakdown counts'
            when ranked.level_rank <> ranked.best_level_rank then 'a finer level counts'
            when replaced.by_load is not null then 'finer days count'
            when absorbed.by_load is not null then 'an export of more days counts'
            when crossing.by_load is not null then 'a later period that overlaps counts'
        end as superseded_because
    from {{ prefix }}_ranked as ranked
    left join {{ prefix }}_replaced as replaced
        on
            ranked.campaign = replaced.campaign
            and ranked.date_start = replaced.date_start
            and ranked.date_end = replaced.date_end
    left join {{ prefix }}_absorbed as absorbed
        on
            ranked.campaign = absorbed.campaign
            and ranked.date_start = absorbed.date_start
            and ranked.date_end = absorbed.date_end
    left join {{ prefix }}_crossing as crossing
        on
            ranked.campaign = crossing.campaign
            and ranked.date_start = crossing.date_start
            and ranked.date_end = crossing.date_end

),
{% endmacro %}
