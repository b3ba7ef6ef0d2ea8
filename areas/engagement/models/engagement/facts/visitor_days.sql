{#- The sums that customer_engagement adds up, so that it need not count all sessions at each build: days whose sessions
    were cut again are counted again. A visitor who becomes known gets the customer in all rows, as in fact_sessions. -#}
{{
    config(
        materialized='incremental',
        incremental_strategy='cut_days',
        on_schema_change='append_new_columns',
        cluster_by=['session_date'],
        post_hook="{{ bind_late_customers(this) }}",
    )
}}
{%- set facts, changes = ref('fact_click_events'), ref('click_event_changes') %}
{%- set latest = [latest_ingestion(facts, 'changed_by') | int, latest_ingestion(changes, 'changed_by') | int] | max %}

with

sessions as (

    select * from {{ ref('fact_sessions') }}
    {% if is_incremental() %}
    where {{ is_of_cut_day('session_date', ref('fact_sessions'), facts, changes, this) }}
    {% endif %}

),

final as (

    select
        session_date,
        visitor_id,
        min(customer_key) as customer_key,
        cast(count(*) as bigint) as sessions,
        cast(sum(case when is_engaged then 1 else 0 end) as bigint) as engaged_sessions,
        cast(sum(events) as bigint) as events,
        cast(sum(page_views) as bigint) as page_views,
        cast(sum(sign_ups) as bigint) as sign_ups,
        cast(sum(engaged_ms) as bigint) as engaged_ms,
        min(session_start) as first_session,
        max(session_start) as last_session,
        cast({{ latest }} as bigint) as changed_by
    from sessions
    group by session_date, visitor_id

)

select * from final
