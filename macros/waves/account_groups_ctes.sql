{# The part of judged_rows_sql() that sets rows which name no campaign, such as an account's totals, beside those that do: the rows by
   campaign count where they cover the same days or spend, else the row without a campaign counts for its days.
   Returns: CTEs (text), the last of them `judged_slots`: slot, campaign, superseded_by, superseded_because.
   Example: {{ account_slots_ctes() }} #}
{% macro account_slots_ctes() %}
account_spans as (

    select
        date_start,
        date_end,
        max(load_id) as load_id,
        min(load_id) as first_load,
        max(load_id) as last_load,
        max(breakdown_count) as breakdown_count,
        sum(amount_spent) as amount_spent
    from without_campaign_judged
    where superseded_by is null
    group by date_start, date_end

),

account_parts as (

    select
        account_spans.date_start as account_start,
        account_spans.date_end as account_end,
        account_spans.amount_spent as account_spent,
        parts.load_id,
        parts.amount_spent
    from account_spans
    inner join among_campaigns_judged as parts
        on
            account_spans.date_start <= parts.date_start
            and account_spans.date_end >= parts.date_end
    where
        parts.superseded_by is null
        and (parts.breakdown_count = 0 or account_spans.breakdown_count > 0)
        and (account_spans.first_load <> parts.load_id or account_spans.last_load <> parts.load_id)

),

account_stretches as (

    select
        parts.account_start,
        parts.account_end,
        extents.first_day,
        extents.last_day,
        max(extents.last_day) over (
            partition by parts.account_start, parts.account_end
            order by extents.first_day, extents.last_day, extents.load_id rows between unbounded preceding and 1 preceding
        ) as reached
    from (select distinct account_start, account_end, load_id from account_parts) as parts
    inner join extents on parts.load_id = extents.load_id

),

account_replaced as (

    select
        account_start as date_start,
        account_end as date_end
    from account_stretches
    group by account_start, account_end
    having
        min(first_day) <= account_start
        and max(last_day) >= account_end
        and max(case when first_day > {{ add_days('reached', 1) }} then 1 else 0 end) = 0
    union
    select
        account_start,
        account_end
    from account_parts
    group by account_start, account_end, account_spent
    having account_spent > 0 and sum(amount_spent) >= account_spent - 0.005 * (1 + count(*))

),

account_replaced_by as (

    select
        replaced.date_start,
        replaced.date_end,
        max(parts.load_id) as by_load
    from account_replaced as replaced
    inner join account_parts as parts
        on
            replaced.date_start = parts.account_start
            and replaced.date_end = parts.account_end
    group by replaced.date_start, replaced.date_end

),

account_standing as (

    select account_spans.*
    from account_spans
    left join account_replaced as replaced
        on
            account_spans.date_start = replaced.date_start
            and account_spans.date_end = replaced.date_end
    where replaced.date_start is null

),

campaigns_in_accounts as (

    select
        parts.slot,
        max(account_standing.load_id) as by_load
    from among_campaigns_judged as parts
    inner join account_standing
        on
            parts.date_start <= account_standing.date_end
            and parts.date_end >= account_standing.date_start
    where
        parts.superseded_by is null
        and (account_standing.first_load <> parts.load_id or account_standing.last_load <> parts.load_id)
    group by parts.slot

),

judged_slots as (

    select
        judged.slot,
        judged.campaign,
        coalesce(judged.superseded_by, in_accounts.by_load) as superseded_by,
        case
            when judged.superseded_by is not null then judged.superseded_because
            when in_accounts.by_load is not null then 'an export of more days counts'
        end as superseded_because
    from among_campaigns_judged as judged
    left join campaigns_in_accounts as in_accounts on judged.slot = in_accounts.slot
    union all
    select
        judged.slot,
        judged.campaign,
        coalesce(judged.superseded_by, replaced.by_load) as superseded_by,
        case
            when judged.superseded_by is not null then judged.superseded_because
            when replaced.by_load is not null then 'an export by campaign counts'
        end as superseded_because
    from without_campaign_judged as judged
    left join account_replaced_by as replaced
        on
            judged.date_start = replaced.date_start
            and judged.date_end = replaced.date_end

),
{% endmacro %}
