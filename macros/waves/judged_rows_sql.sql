{# Which of the rows about the same days count. First of those with the same key the later one; then, for each campaign and its days, one
   export: none by age, device or the like where another has no breakdown; single days before weeks where they are all there; the finest
   level that adds up to what the latest wave has spent, within a wave to the most. A row of more days is superseded only by rows that
   cover its days or its spend, else it supersedes them; of periods that overlap in part the later counts. Rows of two accounts or of two
   currencies never supersede each other, where all rows say which they are of. models/unit_tests has an example of each rule.
   Arguments: candidates (SQL text: a select of load_id, row_number, row_key, id_key, wave_number, upload_timestamp, level, breakdowns,
     date_start, date_end, the ids and names of campaign, ad set and ad, amount_spent, row_count (1 where it is a row of a file),
     currency, own_account_id, own_account_name): all rows of the days in question. restatement (from restatement_policy()), overlap (from overlap_policy()).
   Returns: a select statement (text): load_id, row_number, superseded_by, superseded_because, campaign (what the rules took for one; ''
     where a row names none and no other row tells). Rows that count have null in superseded_by.
   Example: {{ judged_rows_sql('select * from candidates', 'supersede', 'finest') }} #}
{% macro judged_rows_sql(candidates, restatement, overlap) %}
with

scoped as (

    select
        *,
        -- a sign such as '$' is that of several
        case when length(currency) = 3 then currency end as known_currency,
        coalesce(own_account_id, {{ only_value('own_account_id', 'own_account_name') }}, own_account_name) as account
    from ({{ candidates }}) as rows_of_days

),

candidates as (

    select
        load_id,
        row_number,
        row_key || {{ known_scope('account', 'row_key') }} || {{ known_scope('known_currency', 'row_key') }} as row_key,
        -- an id is of one account
        id_key || {{ known_scope('known_currency', 'id_key') }} as id_key,
        account,
        known_currency as currency,
        date_start,
        coalesce(date_end, date_start) as date_end,
        {{ compared_id('campaign_id') }} as campaign_id,
        campaign_name,
        case when coalesce(campaign_id, campaign_name) is null then coalesce(ad_set_name, {{ compared_id('ad_set_id') }}) end as lone_ad_set,
        case when coalesce(campaign_id, campaign_name) is null then coalesce(ad_name, {{ compared_id('ad_id') }}) end as lone_ad,
        coalesce(ad_set_name, {{ compared_id('ad_set_id') }}) as ad_set,
        coalesce(ad_name, {{ compared_id('ad_id') }}) as ad,
        coalesce(amount_spent, 0) as amount_spent,
        row_count,
        coalesce(level, case
            when coalesce(ad_id, ad_name) is not null then 'ad'
            when coalesce(ad_set_id, ad_set_name) is not null then 'ad_set'
            when coalesce(campaign_id, campaign_name) is not null then 'campaign'
            else 'account'
        end) as level,
        coalesce(breakdowns, '') as breakdowns,
        lpad(cast(wave_number as varchar), 6, '0') || ' ' || {{ timestamp_text('upload_timestamp') }} || ' ' || load_id as precedence
    from scoped

),

-- 1. rows of the same key: the later one
restated as (

    {{ restated_rows_sql('candidates', restatement) | trim }}

),
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
{{ row_groups_ctes() }}
{{- counted_groups_ctes() }}
{{- account_groups_ctes() }}

final as (

    select
        restated.load_id,
        restated.row_number,
        coalesce(restated.superseded_by, judged.superseded_by) as superseded_by,
        coalesce(restated.superseded_because, judged.superseded_because) as superseded_because,
        coalesce(judged.campaign_name, restated.campaign_name, restated.campaign_id, '') as campaign
    from restated
    left join judged on restated.row_group = judged.row_group

)
{%- endif %}

select * from final
{% endmacro %}
