{# Campaigns of earlier loads that a file lacks on days that it has, where it has a new one with the same spend: renamed, and counted twice.
   Asked where a campaign is gone and all its days are the same, or where half of the days that both have are the same, with two amounts or
   more; equal budgets are no evidence, nor are days whose impressions are quite others. Where all days were restated, the impressions tell.
   Campaigns that ids match are left out. Runs on the DuckDB that has read the file, whatever the warehouse is.
   Arguments: earlier_keys, file_keys (SQL names of tables as overlap_keys_of_cells makes them).
   Returns: a select statement (text): before, after, days and spend (that are the same), common_days, common_spend (of the file), is_gone, is_equal
     (the spend is; else the impressions are on some days).
   Example: {{ renamed_campaigns_sql('earlier_keys', 'file_keys') }} #}
{% macro renamed_campaigns_sql(earlier_keys, file_keys) %}
{%- set day = 'campaign_name, date_start, coalesce(date_end, date_start) as date_end, sum(amount_spent) as spend, sum(impressions) as impressions, max(own_account_id) as account' %}
with
file_days as (
    select {{ day }}
    from {{ file_keys }}
    where campaign_name is not null
    group by all
),
earlier_days as (
    select load_id, {{ day }}
    from {{ earlier_keys }}
    where campaign_name is not null
    group by all
),
gone as (
    select earlier_days.*
    from earlier_days
    anti join file_days using (campaign_name, date_start, date_end)
    semi join (select distinct date_start, date_end from file_days) as days using (date_start, date_end)
    where spend > 0
),
new as (
    select file_days.*
    from file_days
    anti join earlier_days using (campaign_name, date_start, date_end)
    where spend > 0
),
-- several loads may have a day; impressions that are exactly the same are no chance where there are many
same as (
    {%- for evidence in ['spend', 'impressions'] %}
    select
        gone.campaign_name as before,
        new.campaign_name as after,
        gone.date_start,
        gone.date_end,
        new.spend,
        max(case when gone.impressions = new.impressions then new.impressions end) as impressions,
        bool_or(gone.spend = new.spend) as is_equal
    from gone
    inner join new using (date_start, date_end, {{ evidence }})
    where
        {%- if evidence == 'spend' %}
        coalesce(abs(gone.impressions - new.impressions) <= 0.2 * greatest(gone.impressions, new.impressions), true)
        {%- else %}
        abs(gone.spend - new.spend) <= 0.2 * greatest(gone.spend, new.spend)
        and new.impressions >= 100
        {%- endif %}
        and coalesce(gone.account = new.account, true)
    group by all
    {%- if not loop.last %}
    union
    {%- endif %}
    {%- endfor %}
),
pairs as (
    select
        before,
        after,
        count(*) as days,
        sum(spend) as spend,
        bool_and(is_equal) as is_equal,
        count(distinct (spend, impressions)) as figures
    from (
        select before, after, date_start, date_end, spend, max(impressions) as impressions, bool_or(is_equal) as is_equal
        from same
        group by before, after, date_start, date_end, spend
    ) as days
    group by before, after
),
common as (
    select before, after, count(*) as common_days, sum(common.spend) as common_spend
    from (
        select distinct pairs.before, pairs.after, new.date_start, new.date_end, new.spend
        from pairs
        inner join gone on pairs.before = gone.campaign_name
        inner join new on pairs.after = new.campaign_name and gone.date_start = new.date_start and gone.date_end = new.date_end
    ) as common
    group by before, after
),
gone_days as (
    select campaign_name as before, count(distinct (date_start, date_end)) as all_days
    from gone
    group by campaign_name
),
judged as (
    select
        *,
        before not in (select campaign_name from file_days) as is_gone
    from pairs
    inner join common using (before, after)
    inner join gone_days using (before)
),
by_id as (
    select distinct judged.before, judged.after
    from judged
    inner join {{ earlier_keys }} as earlier on judged.before = earlier.campaign_name
    inner join {{ file_keys }} as file on judged.after = file.campaign_name and earlier.id_key = file.id_key
)
select before, after, days, spend, common_days, common_spend, is_gone, is_equal
from judged
anti join by_id using (before, after)
where
    (is_gone and days = all_days)
    or (days >= 0.5 * common_days and days > 1 and figures > 1)
order by spend desc, before, after
{% endmacro %}
