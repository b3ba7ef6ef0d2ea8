with

pages as (

    select * from {{ ref('dim_page') }}

),

of_events as (

    select * from {{ ref('page_days') }}

),

of_sessions as (

    select
        event_date,
        page_key,
        sum(entries) as entries,
        sum(exits) as exits
    from (
        select
cast(session_start as date) as event_date,
entry_page_key as page_key,
count(*) as entries,
0 as exits
        from {{ ref('fact_sessions') }}
        group by cast(session_start as date), entry_page_key
        union all
        select
cast(session_end as date) as event_date,
exit_page_key as page_key,
0 as entries,
count(*) as exits
        from {{ ref('fact_sessions') }}
        group by cast(session_end as date), exit_page_key
    ) as ends
    group by event_date, page_key

),

final as (

    select
        of_events.event_date,
        of_events.page_key,
        pages.page_host,
        pages.page_path,
        pages.page_section,
        of_events.events,
        of_events.page_views,
        of_events.visitors,
        of_events.events_without_visitor,
        cast(coalesce(of_sessions.entries, 0) as bigint) as entries,
        cast(coalesce(of_sessions.exits, 0) as bigint) as exits,
        cast(cast(of_events.engaged_ms as double) / 1000 as decimal(18, 3)) as engaged_seconds
    from of_events
    inner join pages on of_events.page_key = pages.page_key
    left join of_sessions
        on
            of_events.event_date = of_sessions.event_date
            and of_events.page_key = of_sessions.page_key
    where of_events.events > 0

)

select * from final
