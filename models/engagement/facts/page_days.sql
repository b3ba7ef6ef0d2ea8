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

final as (

    select
        days.event_date,
        coalesce(events.page_key, 'unknown') as page_key,
        cast(count(events.event_id) as bigint) as events,
        cast(sum(case when events.event_type = 'page_view' then 1 else 0 end) as bigint) as page_views,
        cast(count(distinct events.visitor_id) as bigint) as visitors,
        cast(sum(case when events.event_id is not null and events.visitor_id is null then 1 else 0 end) as bigint)
            as events_without_visitor,
        cast(sum(coalesce(events.duration_ms, 0)) as bigint) as engaged_ms,
        cast(max(days.changed_by) as bigint) as changed_by
    from days
    left join events on days.event_date = events.event_date
    group by days.event_date, coalesce(events.page_key, 'unknown')

)

select * from final
