{#- The sums of utm_engagement by day: days whose sessions were cut again are counted again. -#}
{{
    config(
        materialized='incremental',
        incremental_strategy='cut_days',
        on_schema_change='append_new_columns',
        cluster_by=['session_date'],
    )
}}
{%- set facts, changes = ref('fact_click_events'), ref('click_event_changes') %}
{%- set latest = [latest_ingestion(facts, 'changed_by') | int, latest_ingestion(changes, 'changed_by') | int] | max %}

with

sessions as (

    select
        session_date,
        lower(utm_source) as utm_source,
        lower(utm_medium) as utm_medium,
        lower(utm_campaign) as utm_campaign,
        is_engaged,
        sign_ups,
        engaged_ms
    from {{ ref('fact_sessions') }}
    {% if is_incremental() %}
    where {{ is_of_cut_day('session_date', ref('fact_sessions'), facts, changes, this) }}
    {% endif %}

),

final as (

    select
        session_date,
        utm_source,
        utm_medium,
        utm_campaign,
        cast(count(*) as bigint) as sessions,
        cast(sum(case when is_engaged then 1 else 0 end) as bigint) as engaged_sessions,
        cast(sum(sign_ups) as bigint) as sign_ups,
        cast(sum(engaged_ms) as bigint) as engaged_ms,
        cast({{ latest }} as bigint) as changed_by
    from sessions
    group by session_date, utm_source, utm_medium, utm_campaign

)

select * from final
