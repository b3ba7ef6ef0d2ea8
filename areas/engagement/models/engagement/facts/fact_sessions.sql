{#- Sessions are cut again only where events came, changed or vanished; the strategy 'sessions' puts them in
    the place of those that stood there. -#}
{{
    config(
        materialized='incremental',
        incremental_strategy='sessions',
        on_schema_change='append_new_columns',
        cluster_by=['session_date'],
        post_hook="{{ bind_late_customers(this) }}",
    )
}}

-- depends_on: {{ ref('click_event_changes') }}
with

events as (

    select * from {{ ref('fact_click_events') }}
    where visitor_id is not null

),

{% if is_incremental() %}
affected as (
    {{ sessions_to_replace(this, ref('fact_click_events'), ref('click_event_changes')) }}
),

events_to_cut as (

    select events.*
    from events
    where events.changed_by > {{ latest_ingestion(this, 'changed_by') }}
    union all
    select events.*
    from events
    inner join affected
        on
            events.visitor_id = affected.visitor_id
            and events.event_time between affected.session_start and affected.session_end
    where
        events.changed_by <= {{ latest_ingestion(this, 'changed_by') }}
        and {{ within_days_to_cut('events.event_date', this, ref('fact_click_events'), ref('click_event_changes')) }}

),
{% else %}
events_to_cut as (

    select * from events

),
{% endif %}

with_pauses as (

    select
        *,
        lag(event_time) over (partition by visitor_id order by event_time, event_id) as time_before
    from events_to_cut

),

with_numbers as (

    select
        *,
        sum(
            case
                when time_before is null or event_time > {{ add_minutes('time_before', session_minutes()) }} then 1 else
                    0
            end
        )
            over (
                partition by visitor_id order by event_time, event_id rows between unbounded preceding and current row
            )
            as session_number
    from with_pauses

),

-- what a session says once, as its first or last event says it, or the first that names a campaign
with_places as (

    select
        *,
        row_number() over (partition by visitor_id, session_number order by event_time, event_id) as place,
        row_number()
            over (partition by visitor_id, session_number order by event_time desc, event_id desc)
            as place_from_end,
        row_number() over (
            partition by visitor_id, session_number
            order by case when utm_source is null then 1 else 0 end, event_time, event_id
        ) as place_of_campaign
    from with_numbers

),

cut as (

    select
        visitor_id,
        max(case when place = 1 then event_id end) as first_event_id,
        min(event_time) as session_start,
        max(event_time) as session_end,
        count(*) as events,
        sum(case when event_type = 'page_view' then 1 else 0 end) as page_views,
        count(distinct page_key) as pages,
        sum(case when event_type = 'sign_up' then 1 else 0 end) as sign_ups,
        sum(coalesce(duration_ms, 0)) as engaged_ms,
        max(case when place = 1 then page_key end) as entry_page_key,
        max(case when place_from_end = 1 then page_key end) as exit_page_key,
        max(case when place_of_campaign = 1 then utm_source end) as utm_source,
        max(case when place_of_campaign = 1 then utm_medium end) as utm_medium,
        max(case when place_of_campaign = 1 then utm_campaign end) as utm_campaign,
        max(customer_key) as customer_key,
        max(changed_by) as changed_by
    from with_places
    group by visitor_id, session_number

),

final as (

    select
        {{ hashed_key(['visitor_id', 'first_event_id']) }} as session_id,
        visitor_id,
        customer_key,
        cast(session_start as date) as session_date,
        session_start,
        session_end,
        cast({{ seconds_between('session_start', 'session_end') }} as bigint) as duration_seconds,
        cast(engaged_ms as bigint) as engaged_ms,
        cast(events as bigint) as events,
        cast(page_views as bigint) as page_views,
        cast(pages as bigint) as pages,
        cast(sign_ups as bigint) as sign_ups,
        (
            page_views >= 2
            or sign_ups > 0
            or {{ seconds_between('session_start', 'session_end') }} >= {{ var('engagement').engaged_seconds | int }}
        ) as is_engaged,
        entry_page_key,
        exit_page_key,
        utm_source,
        utm_medium,
        utm_campaign,
        changed_by
    from cut

)

select * from final
