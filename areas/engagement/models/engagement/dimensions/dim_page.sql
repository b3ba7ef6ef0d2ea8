{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key='page_key',
        on_schema_change='append_new_columns',
    )
}}

with

pages as (

    select distinct
        page_key,
        page_host,
        page_path
    from {{ ref('stg_click_events') }}
    where page_key <> 'unknown'

),

members as (

    select
        page_key,
        page_host,
        page_path,
        coalesce(nullif({{ text_part('page_path', '^/([^/]*)') }}, ''), 'home') as page_section
    from pages
    union all
    select
        'unknown' as page_key,
        cast(null as varchar) as page_host,
        cast(null as varchar) as page_path,
        cast(null as varchar) as page_section

)

select * from members
{% if is_incremental() %}
where page_key not in (select known.page_key from {{ this }} as known)
{% endif %}
