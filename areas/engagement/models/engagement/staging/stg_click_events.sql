{#- What is new since fact_click_events was built: the rows of new ingestions, and those that tell again what a replaced
    file reported. A table of one build: reading all raw rows at each would cost what history costs. -#}
{{ config(materialized='table') }}
{%- set facts = click_events_so_far() %}

with

taken_out as (

    select
        trim(row_key) as event_id,
        max(replaced_by) as replaced_by
    from {{ source('engagement', 'replaced_rows') }}
    where
        feed = 'engagement.clickstream'
        and replaced_by > {{ latest_ingestion(facts, 'changed_by') }}
    group by trim(row_key)

),

source as (

    select * from {{ source('engagement', 'clickstream') }}
    where
        ingestion_id > {{ latest_ingestion(facts, 'changed_by') }}
        or trim(event_id) in (select taken_out.event_id from taken_out)

),

read as (

    select
        trim(event_id) as event_id,
        {{ parse_event_time('timestamp') }} as event_time,
        nullif(trim(user_id), '') as visitor_id,
        coalesce(nullif(lower(trim(event_type)), ''), 'unknown') as event_type,
        nullif(trim(page_url), '') as page_url,
        {{ try_integer('duration_ms') }} as duration_ms,
        duration_ms as duration_text,
        md5(
            coalesce(user_id, '')
            || '|'
            || coalesce(event_type, '')
            || '|'
            || coalesce(page_url, '')
            || '|'
            || coalesce(duration_ms, '')
        ) as content_hash,
        file_name,
        line_number,
        ingestion_id
    from source

),

-- of an event that was sent twice, the latest counts; of two of one time, always the same, in whatever order they came
numbered as (

    select
        *,
        row_number() over (
            partition by event_id order by event_time desc, content_hash desc, file_name asc, line_number asc
        ) as place,
        last_value(event_time) over (
            partition by event_id order by event_time desc, content_hash desc, file_name asc, line_number asc
            rows between unbounded preceding and unbounded following
        ) as first_told_time,
        last_value(content_hash) over (
            partition by event_id order by event_time desc, content_hash desc, file_name asc, line_number asc
            rows between unbounded preceding and unbounded following
        ) as first_told_hash
    from read

),

parsed as (

    select
        *,
        lower({{ text_part('page_url', '^[a-zA-Z]+://([^/?#]+)') }}) as host,
        {{ text_part('page_url', '^[a-zA-Z]+://[^/?#]+([^?#]*)') }} as path
    from numbered
    where place = 1

),

located as (

    select
        *,
        nullif(host, '') as page_host,
        case when nullif(host, '') is not null then coalesce(nullif(path, ''), '/') end as page_path
    from parsed

),

events as (

    select
        located.event_id,
        located.event_time,
        cast(located.event_time as date) as event_date,
        located.visitor_id,
        coalesce({{ hashed_key(['located.page_host', 'located.page_path']) }}, 'unknown') as page_key,
        located.page_host,
        located.page_path,
        located.event_type,
        located.duration_ms,
        located.duration_text,
        {{ url_parameter('located.page_url', 'utm_source') }} as utm_source,
        {{ url_parameter('located.page_url', 'utm_medium') }} as utm_medium,
        {{ url_parameter('located.page_url', 'utm_campaign') }} as utm_campaign,
        located.content_hash,
        located.event_time <> located.first_told_time
        or located.content_hash <> located.first_told_hash as is_told_differently,
        taken_out.event_id is not null as is_replaced,
        false as is_taken_out,
        located.file_name,
        located.line_number,
        located.ingestion_id,
        greatest(located.ingestion_id, coalesce(taken_out.replaced_by, 0)) as changed_by
    from located
    left join taken_out on located.event_id = taken_out.event_id

),

-- no current file tells them any more
gone as (

    select
        taken_out.event_id,
        cast(null as {{ type_timestamp() }}) as event_time,
        cast(null as date) as event_date,
        cast(null as varchar) as visitor_id,
        'unknown' as page_key,
        cast(null as varchar) as page_host,
        cast(null as varchar) as page_path,
        'unknown' as event_type,
        cast(null as bigint) as duration_ms,
        cast(null as varchar) as duration_text,
        cast(null as varchar) as utm_source,
        cast(null as varchar) as utm_medium,
        cast(null as varchar) as utm_campaign,
        cast(null as varchar) as content_hash,
        false as is_told_differently,
        true as is_replaced,
        true as is_taken_out,
        cast(null as varchar) as file_name,
        cast(null as bigint) as line_number,
        taken_out.replaced_by as ingestion_id,
        taken_out.replaced_by as changed_by
    from taken_out
    left join events on taken_out.event_id = events.event_id
    where events.event_id is null

),

final as (

    select * from events
    union all
    select * from gone

)

select * from final
