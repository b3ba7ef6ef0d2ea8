{#- What fact_click_events says of events that the coming build changes or takes out: where they stood, sessions are cut
    anew. Rows are only added; one too many, of a build that was cut off, makes a session be cut again to the same. -#}
{{ config(materialized='incremental', incremental_strategy='append') }}
{%- set facts = click_events_so_far() %}

with

coming as (

    select * from {{ ref('stg_click_events') }}

),

facts as (
    {% if facts %}
    select
event_id,
visitor_id,
event_time,
event_date,
ingestion_id from {{ facts }}
    {% else %}
    select
event_id,
visitor_id,
event_time,
event_date,
ingestion_id
from coming
where 1 = 0
    {% endif %}
),

final as (

    select
        facts.event_id,
        facts.visitor_id,
        facts.event_time,
        facts.event_date,
        coming.changed_by
    from facts
    inner join coming on facts.event_id = coming.event_id
    where
        coming.is_taken_out
        or coming.event_time <> facts.event_time
        or coalesce(coming.visitor_id, '') <> coalesce(facts.visitor_id, '')

)

select * from final
