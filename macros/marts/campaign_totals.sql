{# The figures of one client for campaign_totals_of_clients().
   Arguments: client_schema (string), rows (relation): its processed_campaign_data.
   Returns: a select statement (text).
   Example: {{ campaign_totals('client_acme_meta_2024', ref('client_acme_meta_2024__processed_campaign_data')) }} #}
{% macro campaign_totals(client_schema, rows) %}
{%- set keys = performance_keys().campaign_performance %}
    select
        '{{ client_schema }}' as client_schema,
        {%- for key in keys %}
        {{ key }},
        {%- endfor %}
        min(date_start) as first_date,
        max(coalesce(date_end, date_start)) as last_date,
        count(*) as row_count,
        cast(sum(impressions) as bigint) as impressions,
        cast(sum(clicks) as bigint) as clicks,
        sum(conversions) as conversions,
        sum(conversion_value) as conversion_value,
        sum(amount_spent) as amount_spent,
        cast(avg(cast(data_quality_score as double)) as decimal(5, 4)) as data_quality_score
    from {{ rows }}
    where superseded_by is null
    group by {{ keys | join(', ') }}
{%- endmacro %}
