{# The sessions have as many events as the fact has of visitors, and as many sign-ups and milliseconds.
   Guards: cutting sessions again in a way that loses or doubles events.
   Arguments: model (fact_sessions), events (relation: fact_click_events).
   Shows: both sums. #}
{% test sessions_agree_with_events(model, events) %}
with

of_sessions as (

    select
        coalesce(sum(events), 0) as events,
        coalesce(sum(engaged_ms), 0) as engaged_ms
    from {{ model }}

),

of_events as (

    select
        count(*) as events,
        coalesce(sum(duration_ms), 0) as engaged_ms
    from {{ events }}
    where visitor_id is not null

)

select
    of_sessions.events as events_of_sessions,
    of_events.events as events_of_visitors,
    of_sessions.engaged_ms as ms_of_sessions,
    of_events.engaged_ms as ms_of_visitors
from of_sessions
cross join of_events
where
    of_sessions.events <> of_events.events
    or of_sessions.engaged_ms <> of_events.engaged_ms
{% endtest %}
