{# The figures of each client's campaigns and ad sets by wave, aggregated inside each client's own table so that no row of a client travels
   further than its totals. Superseded rows are excluded.
   Returns: a select statement (text). Rows of different currencies, or with conversions of different kinds, are never added up. Without any
     client: no rows.
   Example: with totals as ({{ campaign_totals_of_clients() }}) #}
{% macro campaign_totals_of_clients() %}
{%- set keys = performance_keys().campaign_performance -%}
{%- for client_schema in clients_with_tables() %}
{{ campaign_totals(client_schema, ref(client_schema ~ '__processed_campaign_data')) }}
    {{ "union all" if not loop.last }}
{%- else %}
    select
        cast(null as varchar) as client_schema,
        cast(null as integer) as wave_number,
        {%- for key in keys[1:] %}
        cast(null as varchar) as {{ key }},
        {%- endfor %}
        cast(null as date) as first_date,
        cast(null as date) as last_date,
        cast(null as bigint) as row_count,
        cast(null as bigint) as impressions,
        cast(null as bigint) as clicks,
        cast(null as decimal(38, 6)) as conversions,
        cast(null as decimal(38, 6)) as conversion_value,
        cast(null as decimal(38, 6)) as amount_spent,
        cast(null as decimal(5, 4)) as data_quality_score
    where false
{%- endfor %}
{% endmacro %}
