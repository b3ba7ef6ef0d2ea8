with

totals as (
    {{ campaign_totals_of_clients() }}
),

clients as (

    select * from {{ ref('clients') }}

),

final as (

    select
        totals.client_schema,
        clients.client,
        clients.platform,
        clients.year,
        totals.wave_number,
        totals.wave_name,
        totals.campaign_id,
        totals.campaign_name,
        totals.ad_set_id,
        totals.ad_set_name,
        totals.currency,
        totals.conversion_type,
        totals.first_date,
        totals.last_date,
        totals.row_count,
        totals.impressions,
        totals.clicks,
        totals.conversions,
        totals.conversion_value,
        totals.amount_spent,
        cast(100 * cast(totals.clicks as double) / nullif(totals.impressions, 0) as decimal(18, 4)) as ctr_percent,
        cast(cast(totals.amount_spent as double) / nullif(totals.clicks, 0) as decimal(18, 4)) as cpc,
        cast(1000 * cast(totals.amount_spent as double) / nullif(totals.impressions, 0) as decimal(18, 4)) as cpm,
        cast(cast(totals.conversion_value as double) / nullif(totals.amount_spent, 0) as decimal(18, 4)) as roas,
        totals.data_quality_score
    from totals
    inner join clients on totals.client_schema = clients.client_schema

)

select * from final
