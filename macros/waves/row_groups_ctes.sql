{# The part of judged_rows_sql() that puts rows together which count or don't count as one: those of a load with the same campaign and days.
   A campaign is known by its id and by its name, which can change; a row that names none is given the campaign in which other rows have its
   ad set or ad.
   Returns: CTEs (text), the last of them `slots`: slot, load_id, precedence, level_rank, breakdowns, breakdown_count, date_start, date_end,
     amount_spent, campaign.
   Example: {{ slots_ctes() }} #}
{% macro slots_ctes() %}
remaining as (

    select
        slot,
        load_id,
        campaign_id,
        campaign_name,
        lone_ad_set,
        lone_ad,
        date_start,
        date_end,
        max(precedence) as precedence,
        min(case level when 'ad' then 1 when 'ad_set' then 2 when 'campaign' then 3 when 'account' then 4 else 2 end)
            as level_rank,
        max(breakdowns) as breakdowns,
        sum(amount_spent) as amount_spent
    from restated
    where superseded_by is null
    group by slot, load_id, campaign_id, campaign_name, lone_ad_set, lone_ad, date_start, date_end

),

-- one label for all ids and names that stand together in a row, in two steps: enough for a campaign that was renamed
campaigns as (

    select distinct
        campaign_id,
        campaign_name
    from remaining
    where coalesce(campaign_id, campaign_name) is not null

),

campaigns_by_id as (

    select
        campaign_id,
        campaign_name,
        case
            when campaign_id is null then campaign_name
            else coalesce(min(campaign_name) over (partition by campaign_id), campaign_id)
        end as label
    from campaigns

),

campaigns_by_name as (

    select
        campaign_id,
        campaign_name,
        case when campaign_name is null then label else min(label) over (partition by campaign_name) end as label
    from campaigns_by_id

),

labels as (

    select
        campaign_id,
        campaign_name,
        case when campaign_id is null then label else min(label) over (partition by campaign_id) end as label
    from campaigns_by_name

),

owners as (

    select
        owned.kind,
        owned.name,
        min(labels.label) as label
    from (
        select distinct 'ad_set' as kind, ad_set as name, campaign_id, campaign_name
        from restated
        where ad_set in (select lone_ad_set from remaining where lone_ad_set is not null)
        union
        select distinct 'ad' as kind, ad as name, campaign_id, campaign_name
        from restated
        where ad in (select lone_ad from remaining where lone_ad is not null)
    ) as owned
    inner join labels
        on
            owned.campaign_id is not distinct from labels.campaign_id
            and owned.campaign_name is not distinct from labels.campaign_name
    group by owned.kind, owned.name
    having min(labels.label) = max(labels.label)

),

slots as (

    select
        remaining.slot,
        remaining.load_id,
        remaining.precedence,
        remaining.level_rank,
        remaining.breakdowns,
        case when remaining.breakdowns = '' then 0 else 1 + length(remaining.breakdowns) - length(replace(remaining.breakdowns, ',', '')) end
            as breakdown_count,
        remaining.date_start,
        remaining.date_end,
        remaining.amount_spent,
        coalesce(labels.label, of_ad_set.label, of_ad.label, '') as campaign
    from remaining
    left join labels
        on
            remaining.campaign_id is not distinct from labels.campaign_id
            and remaining.campaign_name is not distinct from labels.campaign_name
    left join owners as of_ad_set on of_ad_set.kind = 'ad_set' and remaining.lone_ad_set = of_ad_set.name
    left join owners as of_ad on of_ad.kind = 'ad' and remaining.lone_ad = of_ad.name

),

-- the days that an export is about, whether or not each campaign ran on them
extents as (

    select
        load_id,
        min(date_start) as first_day,
        max(date_end) as last_day
    from slots
    group by load_id

),
{% endmacro %}
