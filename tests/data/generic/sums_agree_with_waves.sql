{# The campaigns of each wave add up to the wave: rows, impressions, clicks and spend.
   Guards: campaign reports, which would lose or double what a wave spent.
   Arguments: model (campaign_performance), waves (the mart of waves).
   Shows: the waves that differ, with both sums of rows and spend. #}
{% test sums_agree_with_waves(model, waves) %}
with

campaigns as (

    select
        client_schema,
        wave_number,
        sum(row_count) as row_count,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        sum(amount_spent) as amount_spent
    from {{ model }}
    group by client_schema, wave_number

)

select
    coalesce(waves.client_schema, campaigns.client_schema) as client_schema,
    coalesce(waves.wave_number, campaigns.wave_number) as wave_number,
    waves.row_count as rows_of_wave,
    campaigns.row_count as rows_of_campaigns,
    waves.amount_spent as spend_of_wave,
    campaigns.amount_spent as spend_of_campaigns
from {{ waves }} as waves
full join campaigns
    on
        waves.client_schema = campaigns.client_schema
        and waves.wave_number = campaigns.wave_number
where
    -- a wave whose rows are all superseded has no campaigns
    coalesce(waves.row_count, 0) is distinct from coalesce(campaigns.row_count, 0)
    or waves.impressions is distinct from campaigns.impressions
    or waves.clicks is distinct from campaigns.clicks
    -- a wave in several currencies has no sum
    or (waves.currency is distinct from 'mixed' and waves.amount_spent is distinct from campaigns.amount_spent)
{% endtest %}
