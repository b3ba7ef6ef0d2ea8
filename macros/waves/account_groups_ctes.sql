{# The steps of judged_rows_sql() that set rows which name no campaign, such as an account's totals, beside those that do: the rows by
   campaign count where they cover the same days or spend, else the row without a campaign counts for its days.
   Returns: CTEs (text), the last of them judged: row_group, campaign_name, superseded_by, superseded_because.
   Example: {{ account_groups_ctes() }} #}
{% macro account_groups_ctes() %}
{%- set of_different_loads = '(account.first_load <> counted.load_id or account.last_load <> counted.load_id)' %}

-- 7. rows without a campaign beside those with one
account_spans as (

    select
        scope,
        date_start,
        date_end,
        max(load_id) as load_id,
        min(load_id) as first_load,
        max(load_id) as last_load,
        max(breakdown_count) as breakdown_count,
        sum(amount_spent) as amount_spent
    from counted
    where
        campaign_name = ''
        and superseded_by is null
    group by scope, date_start, date_end

),

account_parts as (

    select
        account.scope as campaign,
        account.date_start as longer_start,
        account.date_end as longer_end,
        account.amount_spent as longer_spent,
        counted.load_id,
        counted.amount_spent,
        1 as group_count
    from account_spans as account
    inner join counted
        on
            account.scope = counted.scope
            and account.date_start <= counted.date_start
            and account.date_end >= counted.date_end
    where
        counted.campaign_name <> ''
        and counted.superseded_by is null
        and (counted.breakdown_count = 0 or account.breakdown_count > 0)
        and {{ of_different_loads }}

),

account_replaced as (

    {{ replaced_spans_sql('account_parts', 'account_parts') | trim }}

),

contained_in_accounts as (

    select
        counted.row_group,
        max(account.load_id) as by_load
    from counted
    inner join account_spans as account
        on
            counted.scope = account.scope
            and counted.date_start <= account.date_end
            and counted.date_end >= account.date_start
    left join account_replaced
        on
            account.scope = account_replaced.campaign
            and account.date_start = account_replaced.date_start
            and account.date_end = account_replaced.date_end
    where
        counted.campaign_name <> ''
        and counted.superseded_by is null
        and account_replaced.by_load is null
        and {{ of_different_loads }}
    group by counted.row_group

),

judged as (

    select
        counted.row_group,
        counted.campaign_name,
        coalesce(counted.superseded_by, contained.by_load, replaced.by_load) as superseded_by,
        case
            when counted.superseded_by is not null then counted.superseded_because
            when contained.by_load is not null then 'an export of more days counts'
            when replaced.by_load is not null then 'an export by campaign counts'
        end as superseded_because
    from counted
    left join contained_in_accounts as contained on counted.row_group = contained.row_group
    left join account_replaced as replaced
        on
            counted.campaign_name = ''
            and counted.scope = replaced.campaign
            and counted.date_start = replaced.date_start
            and counted.date_end = replaced.date_end

),
{% endmacro %}
