{# Each campaign of the waves stands in the mart once, with all of its spend.
   Guards: costs, which a campaign that stands there twice would double.
   Arguments: model (campaign_engagement), campaigns (relation: stg_campaigns; a mart of the waves would have their
     builds run this test).
   Shows: the campaigns that are missing or differ. #}
{% test every_campaign_is_there(model, campaigns) %}
with

campaigns as (

    select * from {{ campaigns }}

)

select
    campaigns.client_schema,
    campaigns.campaign_name,
    count(mart.campaign_name) as rows_in_mart
from campaigns
left join {{ model }} as mart
    on
        campaigns.client_schema = mart.client_schema
        and campaigns.campaign_name = mart.campaign_name
group by campaigns.client_schema, campaigns.campaign_name, campaigns.amount_spent
having
    count(mart.campaign_name) <> 1
    or coalesce(sum(mart.amount_spent), 0) <> coalesce(campaigns.amount_spent, 0)
{% endtest %}
