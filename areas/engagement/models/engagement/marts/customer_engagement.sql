with

customers as (

    select * from {{ ref('dim_customer') }}

),

-- a customer is one visitor; 'unknown' is many
by_visitor as (

    select
        visitor_id,
        min(customer_key) as customer_key,
        sum(sessions) as sessions,
        sum(engaged_sessions) as engaged_sessions,
        count(*) as days,
        sum(events) as events,
        sum(page_views) as page_views,
        sum(sign_ups) as sign_ups,
        sum(engaged_ms) as engaged_ms,
        min(first_session) as first_session,
        max(last_session) as last_session
    from {{ ref('visitor_days') }}
    group by visitor_id

),

days_of_unknown as (

    select count(distinct session_date) as days
    from {{ ref('visitor_days') }}
    where customer_key = 'unknown'

),

sessions as (

    select
        customer_key,
        sum(sessions) as sessions,
        sum(engaged_sessions) as engaged_sessions,
        count(*) as visitors,
        max(days) as days,
        sum(events) as events,
        sum(page_views) as page_views,
        sum(sign_ups) as sign_ups,
        sum(engaged_ms) as engaged_ms,
        min(first_session) as first_session,
        max(last_session) as last_session
    from by_visitor
    group by customer_key

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
        cast(
            coalesce(
                case when customers.customer_key = 'unknown' then days_of_unknown.days else sessions.days end, 0
            ) as bigint
        ) as days,
        cast(coalesce(sessions.events, 0) as bigint) as events,
        cast(coalesce(sessions.page_views, 0) as bigint) as page_views,
        cast(coalesce(sessions.sign_ups, 0) as bigint) as sign_ups,
        cast(cast(coalesce(sessions.engaged_ms, 0) as double) / 1000 as decimal(18, 3)) as engaged_seconds,
        sessions.first_session,
        sessions.last_session
    from customers
    left join sessions on customers.customer_key = sessions.customer_key
    cross join days_of_unknown

)

select * from final
