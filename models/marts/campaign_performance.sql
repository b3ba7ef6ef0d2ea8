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
        coalesce(nullif(clients.brand, ''), clients.client) as brand,
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
        {%- for name, expression in performance_rates('totals') %}
        {{ expression }} as {{ name }},
        {%- endfor %}
        totals.data_quality_score
    from totals
    inner join clients on totals.client_schema = clients.client_schema

)

select * from final
