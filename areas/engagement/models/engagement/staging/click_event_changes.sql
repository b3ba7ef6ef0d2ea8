{#- What fact_click_events says of events that the coming build changes or takes out: where they stood, sessions are cut
    again. Rows are only added; one too many, of a build that was cut off, makes a session be cut again to the same. -#}
{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='append_new_columns') }}
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
content_hash,
ingestion_id from {{ facts }}
    {% else %}
    select
event_id,
visitor_id,
event_time,
event_date,
content_hash,
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
        coming.changed_by,
        -- a file that was ingested again in place of itself may say something else; another file may not
        not coming.is_replaced
        and coming.ingestion_id <> facts.ingestion_id as is_told_differently
    from facts
    inner join coming on facts.event_id = coming.event_id
    where
        coming.is_taken_out
        or coming.event_time <> facts.event_time
        or coalesce(coming.visitor_id, '') <> coalesce(facts.visitor_id, '')
        or coming.content_hash <> facts.content_hash

)

select * from final
