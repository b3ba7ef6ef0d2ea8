{{ config(materialized='area_table') }}
{#- A row for each combination of utm values, and one without any; which campaign it names is decided here, once. -#}
with

sums as (

    select
        utm_source,
        utm_medium,
        utm_campaign,
        sum(sessions) as sessions,
        sum(engaged_sessions) as engaged_sessions,
        sum(sign_ups) as sign_ups,
        sum(engaged_ms) as engaged_ms,
        min(session_date) as first_date,
        max(session_date) as last_date
    from {{ ref('utm_days') }}
    group by utm_source, utm_medium, utm_campaign

),

counts as (

    select
        utm_source,
        utm_medium,
        utm_campaign,
        count(*) as visitors,
        sum(case when engaged_date is not null and customer_key <> 'unknown' then 1 else 0 end) as engaged_customers
    from {{ ref('utm_visitors') }}
    where seen_date is not null
    group by utm_source, utm_medium, utm_campaign

),

sessions as (

    select
        sums.*,
        counts.visitors,
        counts.engaged_customers
    from sums
    inner join counts
        on
            coalesce(sums.utm_source, '') = counts.utm_source
            and coalesce(sums.utm_medium, '') = counts.utm_medium
            and coalesce(sums.utm_campaign, '') = counts.utm_campaign

),

rules as (

    select * from {{ ref('utm_rules') }}

),

-- the first rule that agrees
ruled as (

    select
        sessions.*,
        rules.priority,
        rules.platform,
        rules.client_schema as ruled_schema,
        case
            when rules.campaign_name = '*' then {{ slug('sessions.utm_campaign') }} else
                {{ slug('rules.campaign_name') }}
        end
            as campaign_slug,
        row_number() over (
            partition by sessions.utm_source, sessions.utm_medium, sessions.utm_campaign order by rules.priority
        ) as place
    from sessions
    left join rules
        on
            (rules.utm_source = '*' or sessions.utm_source = rules.utm_source)
            and (rules.utm_medium = '*' or sessions.utm_medium = rules.utm_medium)
            and (rules.utm_campaign = '*' or rules.utm_campaign = {{ slug('sessions.utm_campaign') }})
            and sessions.utm_source is not null

),

campaigns as (

    select * from {{ ref('stg_campaigns') }}

),

matches as (

    select
        ruled.utm_source,
        ruled.utm_medium,
        ruled.utm_campaign,
        count(campaigns.campaign_slug) as matched,
        min(campaigns.client_schema) as client_schema,
        min(campaigns.campaign_name) as campaign_name
    from ruled
    left join campaigns
        on
            ruled.platform = campaigns.platform
            and ruled.campaign_slug = campaigns.campaign_slug
            and (ruled.ruled_schema = '*' or ruled.ruled_schema = campaigns.client_schema)
    where ruled.place = 1
    group by ruled.utm_source, ruled.utm_medium, ruled.utm_campaign

),

final as (

    select
        ruled.utm_source,
        ruled.utm_medium,
        ruled.utm_campaign,
        ruled.platform,
        case when matches.matched = 1 then matches.client_schema end as client_schema,
        case when matches.matched = 1 then matches.campaign_name end as campaign_name,
        case
            when ruled.utm_source is null then 'no utm_source'
            when ruled.priority is null then 'no rule'
            when matches.matched = 0 then 'no campaign'
            when matches.matched > 1 then 'several campaigns'
            else 'matched'
        end as match_status,
        ruled.first_date,
        ruled.last_date,
        cast(ruled.sessions as bigint) as sessions,
        cast(ruled.engaged_sessions as bigint) as engaged_sessions,
        cast(ruled.visitors as bigint) as visitors,
        cast(ruled.engaged_customers as bigint) as engaged_customers,
        cast(ruled.sign_ups as bigint) as sign_ups,
        cast(cast(ruled.engaged_ms as double) / 1000 as decimal(18, 3)) as engaged_seconds
    from ruled
    inner join matches
        on
            coalesce(ruled.utm_source, '') = coalesce(matches.utm_source, '')
            and coalesce(ruled.utm_medium, '') = coalesce(matches.utm_medium, '')
            and coalesce(ruled.utm_campaign, '') = coalesce(matches.utm_campaign, '')
    where ruled.place = 1

)

select * from final
