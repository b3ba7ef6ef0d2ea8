{# The campaigns that the waves report, by the slug of their name: what was spent on each in all, where that is in one currency. Where the
   waves' marts are not built, there are none.
   Returns: a select statement (text): client_schema, platform, campaign_name, campaign_slug, currency, impressions, clicks, amount_spent,
     first_date, last_date.
   Example: with campaigns as ({{ campaigns_by_slug() }}) #}
{% macro campaigns_by_slug() %}
    {%- set performance = ref('campaign_performance') %}
    {%- set is_there = execute and load_relation(performance) is not none %}
    select
        client_schema,
        platform,
        campaign_name,
        {{ slug('campaign_name') }} as campaign_slug,
        case when count(distinct coalesce(currency, '')) = 1 then min(currency) else 'mixed' end as currency,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        case when count(distinct coalesce(currency, '')) = 1 then sum(amount_spent) end as amount_spent,
        min(first_date) as first_date,
        max(last_date) as last_date
    {%- if is_there %}
    from {{ performance }}
    where campaign_name is not null
    {%- else %}
    from (
        select
            cast(null as varchar) as client_schema,
            cast(null as varchar) as platform,
            cast(null as varchar) as campaign_name,
            cast(null as varchar) as currency,
            cast(null as bigint) as impressions,
            cast(null as bigint) as clicks,
            cast(null as decimal(18, 2)) as amount_spent,
            cast(null as date) as first_date,
            cast(null as date) as last_date
    ) as no_campaigns
    where 1 = 0
    {%- endif %}
    group by client_schema, platform, campaign_name
{% endmacro %}
