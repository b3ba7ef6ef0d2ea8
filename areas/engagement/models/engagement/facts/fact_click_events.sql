{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key='event_id',
        on_schema_change='append_new_columns',
        cluster_by=['event_date'],
        post_hook=[
            "delete from {{ this }} where event_id in (select event_id from {{ ref('stg_click_events') }} where is_taken_out)",
            "{{ bind_late_customers(this) }}",
        ],
    )
}}

-- what its rows name is there before them: {{ ref('dim_page') }}, {{ ref('dim_date') }}
with

coming as (

    select * from {{ ref('stg_click_events') }}
    where not is_taken_out

),

customers as (

    select
        customer_id,
        customer_key
    from {{ ref('dim_customer') }}
    where customer_id is not null

),

{% if is_incremental() %}
-- rows of files that were ingested again do not count, whatever they say
current_files as (

    select ingestion_id from {{ source('engagement', 'ingested_files') }}
    where
        feed = 'engagement.clickstream'
        and replaced_by is null

),

standing as (

    select
        facts.event_id,
        facts.event_time,
        facts.content_hash
    from {{ this }} as facts
    where facts.ingestion_id in (select current_files.ingestion_id from current_files)

),

{% endif %}
-- of a double, the later one stays, in whatever order they came
changed as (

    select coming.*
    from coming
    {% if is_incremental() %}
    left join standing on coming.event_id = standing.event_id
    where
        standing.event_id is null
        or coming.event_time > standing.event_time
        or (coming.event_time = standing.event_time and coming.content_hash > standing.content_hash)
    {% endif %}

),

final as (

    select
        changed.event_id,
        changed.event_time,
        changed.event_date,
        changed.visitor_id,
        coalesce(customers.customer_key, 'unknown') as customer_key,
        changed.page_key,
        changed.event_type,
        changed.duration_ms,
        changed.utm_source,
        changed.utm_medium,
        changed.utm_campaign,
        changed.content_hash,
        changed.file_name,
        changed.line_number,
        changed.ingestion_id,
        changed.changed_by
    from changed
    left join customers on changed.visitor_id = customers.customer_id

)

select * from final
