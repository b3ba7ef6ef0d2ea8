{#- Who came by which utm values, so that visitors can be counted once without counting all sessions at each build. A
    row names a day that shows it, and one that shows it engaged; while these are not cut again, it holds. In place of those
    that are, another day is looked for, first among the sessions cut again, then among all; a row that no day shows any more
    stays without one. A row of nobody tells up to which ingestion the table is built. -#}
{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key=['utm_source', 'utm_medium', 'utm_campaign', 'visitor_id'],
        on_schema_change='append_new_columns',
        post_hook="{{ bind_late_customers(this) }}",
    )
}}
{%- set facts, changes = ref('fact_click_events'), ref('click_event_changes') %}
{%- set latest = [latest_ingestion(facts, 'changed_by') | int, latest_ingestion(changes, 'changed_by') | int] | max %}
{%- set cut_day = '' %}
{%- if is_incremental() %}
{%- set cut_day = is_of_cut_day('session_date', ref('fact_sessions'), facts, changes, this) %}
{%- endif %}
{%- set keys = ['utm_source', 'utm_medium', 'utm_campaign', 'visitor_id'] %}

{#- one CTE for both readings would be kept whole -#}
{%- set sessions %}
        select
            coalesce(lower(utm_source), '') as utm_source,
            coalesce(lower(utm_medium), '') as utm_medium,
            coalesce(lower(utm_campaign), '') as utm_campaign,
            visitor_id,
            customer_key,
            session_date,
            case when is_engaged then session_date end as engaged_date
        from {{ ref('fact_sessions') }}
{%- endset %}

with

cut as (

    select
        utm_source,
        utm_medium,
        utm_campaign,
        visitor_id,
        min(customer_key) as customer_key,
        max(session_date) as seen_date,
        max(engaged_date) as engaged_date
    from ({{ sessions }}
    ) as sessions
    {% if is_incremental() %}
    where {{ cut_day }}
    {% endif %}
    group by utm_source, utm_medium, utm_campaign, visitor_id

),

{% if is_incremental() %}
standing as (

    select
        utm_source,
        utm_medium,
        utm_campaign,
        visitor_id,
        customer_key,
        seen_date,
        engaged_date,
        case when {{ cut_day | replace('session_date', 'seen_date') }} then null else seen_date end as seen_still,
        case when {{ cut_day | replace('session_date', 'engaged_date') }} then null else engaged_date end
            as engaged_still
    from {{ this }}

),

merged as (

    select
        {%- for key in keys %}
        coalesce(cut.{{ key }}, standing.{{ key }}) as {{ key }},
        {%- endfor %}
        coalesce(cut.customer_key, standing.customer_key) as customer_key,
        coalesce(standing.seen_still, cut.seen_date) as seen_date,
        coalesce(standing.engaged_still, cut.engaged_date) as engaged_date,
        standing.seen_date as seen_before,
        standing.engaged_date as engaged_before
    from cut
    full outer join standing
        on
            {%- for key in keys %}
            {{ "and " if not loop.first }}cut.{{ key }} = standing.{{ key }}
            {%- endfor %}

),

elsewhere as (

    select
        {%- for key in keys %}
        sessions.{{ key }},
        {%- endfor %}
        max(sessions.session_date) as seen_date,
        max(sessions.engaged_date) as engaged_date
    from ({{ sessions }}
    ) as sessions
    inner join merged
        on
            {%- for key in keys %}
            {{ "and " if not loop.first }}sessions.{{ key }} = merged.{{ key }}
            {%- endfor %}
    where
        (merged.seen_before is not null and merged.seen_date is null)
        or (merged.engaged_before is not null and merged.engaged_date is null)
    group by sessions.utm_source, sessions.utm_medium, sessions.utm_campaign, sessions.visitor_id

),

visitors as (

    select
        {%- for key in keys %}
        merged.{{ key }},
        {%- endfor %}
        merged.customer_key,
        coalesce(merged.seen_date, elsewhere.seen_date) as seen_date,
        coalesce(merged.engaged_date, elsewhere.engaged_date) as engaged_date
    from merged
    left join elsewhere
        on
            {%- for key in keys %}
            {{ "and " if not loop.first }}merged.{{ key }} = elsewhere.{{ key }}
            {%- endfor %}
    where
        coalesce(merged.seen_date, elsewhere.seen_date) is distinct from merged.seen_before
        or coalesce(merged.engaged_date, elsewhere.engaged_date) is distinct from merged.engaged_before

),
{% else %}
visitors as (

    select * from cut

),
{% endif %}

rows_with_nobody as (

    select
        utm_source,
        utm_medium,
        utm_campaign,
        visitor_id,
        customer_key,
        seen_date,
        engaged_date
    from visitors
    union all
    select
        '' as utm_source,
        '' as utm_medium,
        '' as utm_campaign,
        '' as visitor_id,
        'nobody' as customer_key,
        cast(null as date) as seen_date,
        cast(null as date) as engaged_date

),

final as (

    select
        utm_source,
        utm_medium,
        utm_campaign,
        visitor_id,
        customer_key,
        seen_date,
        engaged_date,
        cast({{ latest }} as bigint) as changed_by
    from rows_with_nobody

)

select * from final
