{# The days of each client add up to its campaigns, for each currency and kind of conversion: rows, impressions, clicks,
   conversions and spend. Asked only where rows of several days are spread over them.
   Guards: charts over time, which would lose or double what was spent.
   Arguments: model (performance_by_day), campaigns (the mart campaign_performance).
   Shows: the clients and currencies that differ, with both sums of rows and spend. #}
{% test days_agree_with_campaigns(model, campaigns) %}
{%- set sums = ['row_count', 'impressions', 'clicks', 'conversions', 'conversion_value', 'amount_spent'] -%}
with

of_days as (

    select
        client_schema,
        coalesce(currency, '') as currency,
        coalesce(conversion_type, '') as conversion_type,
        {%- for name in sums %}
        sum({{ name }}) as {{ name }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ model }}
    group by client_schema, coalesce(currency, ''), coalesce(conversion_type, '')

),

of_campaigns as (

    select
        client_schema,
        coalesce(currency, '') as currency,
        coalesce(conversion_type, '') as conversion_type,
        {%- for name in sums %}
        sum({{ name }}) as {{ name }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ campaigns }}
    group by client_schema, coalesce(currency, ''), coalesce(conversion_type, '')

)

select
    coalesce(of_days.client_schema, of_campaigns.client_schema) as client_schema,
    coalesce(of_days.currency, of_campaigns.currency) as currency,
    coalesce(of_days.conversion_type, of_campaigns.conversion_type) as conversion_type,
    of_days.row_count as rows_of_days,
    of_campaigns.row_count as rows_of_campaigns,
    of_days.amount_spent as spend_of_days,
    of_campaigns.amount_spent as spend_of_campaigns
from of_days
full join of_campaigns
    on
        of_days.client_schema = of_campaigns.client_schema
        and of_days.currency = of_campaigns.currency
        and of_days.conversion_type = of_campaigns.conversion_type
where
    {{ 'true' if var('rows_of_several_days') == 'spread' else 'false' }}
    and (
        {%- for name in sums %}
        of_days.{{ name }} is distinct from of_campaigns.{{ name }}{{ " or" if not loop.last }}
        {%- endfor %}
    )
{% endtest %}
