{# The steps of judged_rows_sql() that put rows together which count or don't count as one: those of a load with the same campaign and days.
   A campaign is known by its id and by its name, which can change; a row that names none is given the campaign in which other rows have
   its ad set or ad.
   Returns: CTEs (text): row_groups (row_group, load_id, precedence, level_rank, breakdowns, breakdown_count, date_start, date_end,
     amount_spent, row_count, campaign_name ('' for none), campaign, which is apart by account and currency, and scope, these two) and extents, the days of each load.
   Example: {{ row_groups_ctes() }} #}
{% macro row_groups_ctes() %}

-- 2. what is left, in groups of a load, a campaign and its days
grouped as (

    select
        row_group,
        load_id,
        campaign_id,
        campaign_name,
        lone_ad_set,
        lone_ad,
        account,
        currency,
        date_start,
        date_end,
        max(precedence) as precedence,
        min(case level when 'ad' then 1 when 'ad_set' then 2 when 'campaign' then 3 when 'account' then 4 else 2 end)
            as level_rank,
        max(breakdowns) as breakdowns,
        sum(amount_spent) as amount_spent,
        sum(row_count) as row_count
    from restated
    where superseded_by is null
    group by row_group, load_id, campaign_id, campaign_name, lone_ad_set, lone_ad, account, currency, date_start, date_end

),

-- one label for all ids and names that stand together in a row: by id, by name, by id again, which is enough for a campaign renamed once
campaigns as (

    select
        campaign_id,
        campaign_name,
        case when campaign_id is null then label else min(label) over (partition by campaign_id) end as label
    from (
        select
            campaign_id,
            campaign_name,
            case when campaign_name is null then label else min(label) over (partition by campaign_name) end as label
        from (
            select
                campaign_id,
                campaign_name,
                case
                    when campaign_id is null then campaign_name
                    else coalesce(min(campaign_name) over (partition by campaign_id), campaign_id)
                end as label
            from (select distinct campaign_id, campaign_name from grouped where coalesce(campaign_id, campaign_name) is not null) as named
        ) as by_id
    ) as by_name

),

-- the campaign of an ad set or ad that stands somewhere without one
owners as (

    select
        owned.kind,
        owned.name,
        min(campaigns.label) as label
    from (
        select distinct 'ad_set' as kind, ad_set as name, campaign_id, campaign_name
        from restated
        where ad_set in (select lone_ad_set from grouped where lone_ad_set is not null)
        union
        select distinct 'ad' as kind, ad as name, campaign_id, campaign_name
        from restated
        where ad in (select lone_ad from grouped where lone_ad is not null)
    ) as owned
    inner join campaigns
        on
            owned.campaign_id is not distinct from campaigns.campaign_id
            and owned.campaign_name is not distinct from campaigns.campaign_name
    group by owned.kind, owned.name
    having min(campaigns.label) = max(campaigns.label)

),

labelled as (

    select
        grouped.row_group,
        grouped.load_id,
        grouped.precedence,
        grouped.level_rank,
        grouped.breakdowns,
        case when grouped.breakdowns = '' then 0 else 1 + length(grouped.breakdowns) - length(replace(grouped.breakdowns, ',', '')) end
            as breakdown_count,
        grouped.date_start,
        grouped.date_end,
        grouped.amount_spent,
        grouped.row_count,
        grouped.account,
        grouped.currency,
        coalesce(campaigns.label, of_ad_set.label, of_ad.label, '') as campaign_name
    from grouped
    left join campaigns
        on
            grouped.campaign_id is not distinct from campaigns.campaign_id
            and grouped.campaign_name is not distinct from campaigns.campaign_name
    left join owners as of_ad_set on of_ad_set.kind = 'ad_set' and grouped.lone_ad_set = of_ad_set.name
    left join owners as of_ad on of_ad.kind = 'ad' and grouped.lone_ad = of_ad.name

),

row_groups as (

    select
        *,
        {{ known_scope('account', 'campaign_name') }} || {{ known_scope('currency', 'campaign_name') }} || campaign_name as campaign,
        {{ known_scope('account') }} || {{ known_scope('currency') }} as scope
    from labelled

),

-- the days that an export is about, whether or not each campaign ran on them
extents as (

    select
        load_id,
        min(date_start) as first_day,
        max(date_end) as last_day
    from row_groups
    group by load_id

),
{% endmacro %}
