with

customers as (

    select * from {{ ref('dim_customer') }}

),

-- in steps: counting what is distinct at once costs three times as much
by_day as (

    select
        customer_key,
        session_date,
        count(*) as sessions,
        sum(case when is_engaged then 1 else 0 end) as engaged_sessions,
        sum(events) as events,
        sum(page_views) as page_views,
        sum(sign_ups) as sign_ups,
        sum(engaged_ms) as engaged_ms,
        min(session_start) as first_session,
        max(session_start) as last_session
    from {{ ref('fact_sessions') }}
    group by customer_key, session_date

),

visitors as (

    select
        customer_key,
        count(*) as visitors
    from (
        select distinct
            customer_key,
            visitor_id
        from {{ ref('fact_sessions') }}
    ) as pairs
    group by customer_key

),

sessions as (

    select
        by_day.customer_key,
        sum(by_day.sessions) as sessions,
        sum(by_day.engaged_sessions) as engaged_sessions,
        max(visitors.visitors) as visitors,
        count(*) as days,
        sum(by_day.events) as events,
        sum(by_day.page_views) as page_views,
        sum(by_day.sign_ups) as sign_ups,
        sum(by_day.engaged_ms) as engaged_ms,
        min(by_day.first_session) as first_session,
        max(by_day.last_session) as last_session
    from by_day
    inner join visitors on by_day.customer_key = visitors.customer_key
    group by by_day.customer_key

),

final as (

    select
        customers.customer_key,
        customers.email_hash,
        customers.region,
        customers.signup_date,
        customers.is_listed,
        cast(coalesce(sessions.sessions, 0) as bigint) as sessions,
        cast(coalesce(sessions.engaged_sessions, 0) as bigint) as engaged_sessions,
        cast(coalesce(sessions.visitors, 0) as bigint) as visitors,
        cast(coalesce(sessions.days, 0) as bigint) as days,
        cast(coalesce(sessions.events, 0) as bigint) as events,
        cast(coalesce(sessions.page_views, 0) as bigint) as page_views,
        cast(coalesce(sessions.sign_ups, 0) as bigint) as sign_ups,
        cast(cast(coalesce(sessions.engaged_ms, 0) as double) / 1000 as decimal(18, 3)) as engaged_seconds,
        sessions.first_session,
        sessions.last_session
    from customers
    left join sessions on customers.customer_key = sessions.customer_key

)

select * from final
