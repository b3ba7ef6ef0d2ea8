{# The figures of each client's ads by the days that they span, aggregated inside each client's own table. Superseded rows
   are excluded.
   Returns: a select statement (text): client_schema, date_start, date_end, the ids and names of campaign, ad set and ad, level, currency,
     conversion_type, row_count and figures. Rows of different currencies, or with conversions of different kinds, are never added up.
     Without any client: no rows.
   Example: with totals as ({{ day_totals_of_clients() }}) #}
{% macro day_totals_of_clients() %}
{%- set keys = performance_keys().performance_by_day -%}
{%- for client_schema in clients_with_tables() %}
{{ day_totals(client_schema, ref(client_schema ~ '__processed_campaign_data')) }}
    {{ "union all" if not loop.last }}
{%- else %}
    select
        cast(null as varchar) as client_schema,
        cast(null as date) as date_start,
        {%- for key in keys[1:] %}
        cast(null as varchar) as {{ key }},
        {%- endfor %}
        cast(null as date) as date_end,
        cast(null as bigint) as row_count,
        cast(null as bigint) as impressions,
        cast(null as bigint) as clicks,
        cast(null as decimal(38, 6)) as conversions,
        cast(null as decimal(38, 6)) as conversion_value,
        cast(null as decimal(38, 6)) as amount_spent
    where false
{%- endfor %}
{% endmacro %}
