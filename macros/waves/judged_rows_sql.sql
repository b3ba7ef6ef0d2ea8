{# Which of the rows that speak of the same days count. First of those with the same key the later one; then, for each campaign and its
   days, one export: none by age, device or the like where another has no breakdown; single days before weeks where they are all there; the
   finest level. A row of more days gives way only to rows that cover its days or its spend, else these give way to it; of periods that
   overlap in part the later counts.
   Arguments: candidates (SQL text: a select of load_id, row_number, row_key, id_key, wave_number, upload_timestamp, level, breakdowns,
     date_start, date_end, the ids and names of campaign, ad set and ad, amount_spent): all rows of the days in question. restatement (from
     restatement_policy()), overlap (from overlap_policy()).
   Returns: a select statement (text): load_id, row_number, superseded_by, superseded_because, campaign (what the rules took for one; ''
     where a row names none and no other row tells). Rows that count have null in superseded_by.
   Example: {{ judged_rows_sql('select * from candidates', 'supersede', 'finest') }} #}
{% macro judged_rows_sql(candidates, restatement, overlap) %}
with

candidates as (

    select
        load_id,
        row_number,
        row_key,
        id_key,
        date_start,
        coalesce(date_end, date_start) as date_end,
        campaign_id,
        campaign_name,
        case when coalesce(campaign_id, campaign_name) is null then coalesce(ad_set_name, ad_set_id) end as lone_ad_set,
        case when coalesce(campaign_id, campaign_name) is null then coalesce(ad_name, ad_id) end as lone_ad,
        coalesce(ad_set_name, ad_set_id) as ad_set,
        coalesce(ad_name, ad_id) as ad,
        coalesce(amount_spent, 0) as amount_spent,
        coalesce(level, case
            when coalesce(ad_id, ad_name) is not null then 'ad'
            when coalesce(ad_set_id, ad_set_name) is not null then 'ad_set'
            when coalesce(campaign_id, campaign_name) is not null then 'campaign'
            else 'account'
        end) as level,
        coalesce(breakdowns, '') as breakdowns,
        lpad(cast(wave_number as varchar), 6, '0') || ' ' || cast(upload_timestamp as varchar) || ' ' || load_id as precedence
    from ({{ candidates }}) as rows_of_days

),

{{ restated_rows_ctes(restatement) }}
{%- if overlap == 'both' %}

final as (

    select
        load_id,
        row_number,
        superseded_by,
        superseded_because,
        coalesce(campaign_name, campaign_id, '') as campaign
    from restated

)
{%- else %}

{{ slots_ctes() }}
{{ counted_slots_ctes('slots', 'among_campaigns', "campaign <> ''") }}
{{ counted_slots_ctes('slots', 'without_campaign', "campaign = ''") }}
{{ account_slots_ctes() }}

final as (

    select
        restated.load_id,
        restated.row_number,
        coalesce(restated.superseded_by, judged_slots.superseded_by) as superseded_by,
        case
            when restated.superseded_by is not null then restated.superseded_because
            else judged_slots.superseded_because
        end as superseded_because,
        coalesce(judged_slots.campaign, restated.campaign_name, restated.campaign_id, '') as campaign
    from restated
    left join judged_slots on restated.slot = judged_slots.slot

)
{%- endif %}

select * from final
{% endmacro %}
