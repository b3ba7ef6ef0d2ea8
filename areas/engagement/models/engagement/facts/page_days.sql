{#- The days on which events came, changed or vanished are counted again; a day that lost its last event keeps a row of
    zeros. -#}
{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='event_date',
        on_schema_change='append_new_columns',
    )
}}

with

events as (

    select * from {{ ref('fact_click_events') }}

),

changes as (

    select * from {{ ref('click_event_changes') }}

),

days as (

    select
        event_date,
        max(changed_by) as changed_by
    from (
        select
event_date,
changed_by
from events
        union all
        select
event_date,
changed_by
from changes
    ) as touched
    {% if is_incremental() %}
    where changed_by > {{ latest_ingestion(this, 'changed_by') }}
    {% endif %}
    group by event_date

),

counted as (

    select
        events.event_date,
        events.page_key,
        cast(count(*) as bigint) as events,
        cast(sum(case when events.event_type = 'page_view' then 1 else 0 end) as bigint) as page_views,
        cast(count(distinct events.visitor_id) as bigint) as visitors,
        cast(sum(case when events.visitor_id is null then 1 else 0 end) as bigint) as events_without_visitor,
        cast(sum(coalesce(events.duration_ms, 0)) as bigint) as engaged_ms,
        cast(max(days.changed_by) as bigint) as changed_by
    from events
    inner join days on events.event_date = days.event_date
    {% if is_incremental() %}
    where {{ is_of_touched_day('events.event_date', ref('fact_click_events'), ref('click_event_changes'), this) }}
    {% endif %}
    group by events.event_date, events.page_key

),

final as (

    select * from counted
    union all
    select
        event_date,
        'unknown' as page_key,
        cast(0 as bigint) as events,
        cast(0 as bigint) as page_views,
        cast(0 as bigint) as visitors,
        cast(0 as bigint) as events_without_visitor,
        cast(0 as bigint) as engaged_ms,
        cast(changed_by as bigint) as changed_by
    from days
    where event_date not in (select counted.event_date from counted)

)

select * from final
