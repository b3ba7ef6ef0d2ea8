{{ config(materialized='area_table') }}
{#- One row for each campaign of the waves, with the sessions that name it, and one for each combination of utm values
    that names none: what does not match is shown, both ways, and no spend stands in two rows. -#}
with

utms as (

    select * from {{ ref('utm_engagement') }}

),

campaigns as (

    select * from {{ ref('stg_campaigns') }}

),

-- customers are counted here: one who came by two of a campaign's addresses is one
customers as (

    select
        utms.client_schema,
        utms.platform,
        utms.campaign_name,
        count(distinct sessions.customer_key) as engaged_customers,
        count(distinct sessions.visitor_id) as visitors
    from {{ ref('fact_sessions') }} as sessions
    inner join utms
        on
            lower(sessions.utm_source) = utms.utm_source
            and coalesce(lower(sessions.utm_medium), '') = coalesce(utms.utm_medium, '')
            and coalesce(lower(sessions.utm_campaign), '') = coalesce(utms.utm_campaign, '')
    where
        utms.match_status = 'matched'
        and sessions.is_engaged
        and sessions.customer_key <> 'unknown'
    group by utms.client_schema, utms.platform, utms.campaign_name

),

of_campaigns as (

    select
        client_schema,
        platform,
        campaign_name,
        count(*) as utm_combinations,
        sum(sessions) as sessions,
        sum(engaged_sessions) as engaged_sessions,
        sum(sign_ups) as sign_ups,
        sum(engaged_seconds) as engaged_seconds
    from utms
    where match_status = 'matched'
    group by client_schema, platform, campaign_name

),

reported as (

    select
        campaigns.client_schema,
        campaigns.platform,
        campaigns.campaign_name,
        cast(null as varchar) as utm_source,
        cast(null as varchar) as utm_medium,
        cast(null as varchar) as utm_campaign,
        case when of_campaigns.sessions is null then 'no sessions' else 'matched' end as match_status,
        coalesce(of_campaigns.utm_combinations, 0) as utm_combinations,
        coalesce(of_campaigns.sessions, 0) as sessions,
        coalesce(of_campaigns.engaged_sessions, 0) as engaged_sessions,
        coalesce(customers.engaged_customers, 0) as engaged_customers,
        coalesce(of_campaigns.sign_ups, 0) as sign_ups,
        coalesce(of_campaigns.engaged_seconds, 0) as engaged_seconds,
        campaigns.currency,
        campaigns.impressions,
        campaigns.clicks,
        campaigns.amount_spent
    from campaigns
    left join of_campaigns
        on
            campaigns.client_schema = of_campaigns.client_schema
            and campaigns.platform = of_campaigns.platform
            and campaigns.campaign_name = of_campaigns.campaign_name
    left join customers
        on
            campaigns.client_schema = customers.client_schema
            and campaigns.platform = customers.platform
            and campaigns.campaign_name = customers.campaign_name

),

unmatched as (

    select
        cast(null as varchar) as client_schema,
        platform,
        cast(null as varchar) as campaign_name,
        utm_source,
        utm_medium,
        utm_campaign,
        match_status,
        1 as utm_combinations,
        sessions,
        engaged_sessions,
        engaged_customers,
        sign_ups,
        engaged_seconds,
        cast(null as varchar) as currency,
        cast(null as bigint) as impressions,
        cast(null as bigint) as clicks,
        cast(null as decimal(38, 2)) as amount_spent
    from utms
    where match_status <> 'matched'

),

united as (

    select * from reported
    union all
    select * from unmatched

),

final as (

    select
        client_schema,
        platform,
        campaign_name,
        utm_source,
        utm_medium,
        utm_campaign,
        match_status,
        cast(utm_combinations as bigint) as utm_combinations,
        cast(sessions as bigint) as sessions,
        cast(engaged_sessions as bigint) as engaged_sessions,
        cast(engaged_customers as bigint) as engaged_customers,
        cast(sign_ups as bigint) as sign_ups,
        cast(engaged_seconds as decimal(18, 3)) as engaged_seconds,
        currency,
        cast(impressions as bigint) as impressions,
        cast(clicks as bigint) as clicks,
        cast(amount_spent as decimal(18, 2)) as amount_spent,
        cast(cast(amount_spent as double) / nullif(sessions, 0) as decimal(18, 4)) as cost_per_session,
        cast(cast(amount_spent as double) / nullif(engaged_customers, 0) as decimal(18, 4))
            as cost_per_engaged_customer,
        cast(cast(amount_spent as double) / nullif(sign_ups, 0) as decimal(18, 4)) as cost_per_sign_up
    from united

)

select * from final
