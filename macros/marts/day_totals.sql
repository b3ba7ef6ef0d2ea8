{# The figures of one client for day_totals_of_clients().
   Arguments: client_schema (string), rows (relation): its processed_campaign_data.
   Returns: a select statement (text).
   Example: {{ day_totals('client_acme_meta_2024', ref('client_acme_meta_2024__processed_campaign_data')) }} #}
{% macro day_totals(client_schema, rows) %}
{%- set keys = performance_keys().performance_by_day %}
    select
        '{{ client_schema }}' as client_schema,
        {%- for key in keys %}
        {{ key }},
        {%- endfor %}
        coalesce(date_end, date_start) as date_end,
        count(*) as row_count,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        sum(conversions) as conversions,
        sum(conversion_value) as conversion_value,
        sum(amount_spent) as amount_spent
    from {{ rows }}
    where superseded_by is null
    group by {{ keys | join(', ') }}, coalesce(date_end, date_start)
{%- endmacro %}
