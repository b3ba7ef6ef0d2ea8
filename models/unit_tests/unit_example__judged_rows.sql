{{ config(materialized='ephemeral') }}
{#- examples name a load by a word, and have only the columns that the rules look at -#}
{%- set candidates %}
        select
            rpad(cast(load as varchar), 16, '_') as load_id,
            row_number,
            concat_ws('|', level, coalesce(cast(breakdowns as varchar), ''), coalesce(cast(campaign as varchar), ''), coalesce(cast(ad_set as varchar), ''), first_day, last_day) as row_key,
            cast(null as varchar) as id_key,
            wave_number,
            cast('2024-01-01' as timestamp) as upload_timestamp,
            level,
            cast(breakdowns as varchar) as breakdowns,
            cast(first_day as date) as date_start,
            cast(last_day as date) as date_end,
            cast(null as varchar) as campaign_id,
            cast(campaign as varchar) as campaign_name,
            cast(null as varchar) as ad_set_id,
            cast(ad_set as varchar) as ad_set_name,
            cast(null as varchar) as ad_id,
            cast(null as varchar) as ad_name,
            amount_spent,
            1 as row_count,
            cast(currency as varchar) as currency,
            cast(null as varchar) as own_account_id,
            cast(account as varchar) as own_account_name
        from {{ source('unit_example', 'candidates') }}
{%- endset %}
select
    row_number,
    rtrim(superseded_by, '_') as superseded_by,
    superseded_because,
    campaign
from ({{ judged_rows_sql(candidates, 'supersede', 'finest') }})
