{# What a new load changes in which rows count, beyond rows that it states again: which rows are superseded by which, why, and what counts
   instead. Runs on the DuckDB that has read the file, whatever the warehouse is.
   Arguments: keys (SQL name of a table: load_id, row_number, date_start, date_end, row_count, amount_spent), before, after (SQL names of
     tables as judged_rows_sql() makes them, without and with the new load), load_id (string: the new one).
   Returns: a select statement (text): load_ids and by_loads (whose rows are superseded by whose, separated by commas, each as often as
     it has rows), because, row_count, first_date, last_date, amount_spent (of the superseded rows), amount_instead (of what counts of the
     same campaigns and days), is_wider (what counts has other days too).
   Example: {{ overlapping_loads_sql('keys', 'before', 'after', '9f2c1ab03c4d5e6f') }} #}
{% macro overlapping_loads_sql(keys, before, after, load_id) %}
with

judged as (

    select
        keys.load_id,
        keys.date_start,
        coalesce(keys.date_end, keys.date_start) as date_end,
        keys.row_count,
        keys.amount_spent,
        after.superseded_by,
        after.superseded_because,
        after.campaign,
        keys.load_id = {{ text_literal(load_id) }} or before.superseded_by is null as is_new
    from {{ keys }} as keys
    inner join {{ after }} as after on keys.load_id = after.load_id and keys.row_number = after.row_number
    left join {{ before }} as before on keys.load_id = before.load_id and keys.row_number = before.row_number

),

-- several loads that one supersedes for one reason are compared with it together
superseded as (

    select
        case when load_id = {{ text_literal(load_id) }} then '' else superseded_by end || '|' || superseded_because
        || case when campaign = '' then '|' else '' end as outcome,
        superseded_because as because,
        campaign,
        sum(row_count) as row_count,
        min(date_start) as first_date,
        max(date_end) as last_date,
        sum(amount_spent) as amount_spent,
        {{ text_list_of('load_id') }} as load_ids,
        {{ text_list_of('superseded_by') }} as by_loads
    from judged
    where
        superseded_by is not null
        and is_new
        and superseded_because <> 'a later export states it again'
    group by 1, 2, 3

),

instead as (

    select
        superseded.outcome,
        sum(judged.amount_spent) as amount_instead,
        bool_or(judged.date_start < superseded.first_date or judged.date_end > superseded.last_date) as is_wider
    from superseded
    inner join judged
        on
            (superseded.campaign = judged.campaign or superseded.campaign = '')
            and superseded.first_date <= judged.date_end
            and superseded.last_date >= judged.date_start
    where judged.superseded_by is null
    group by superseded.outcome

)

select
    {{ text_list_of('superseded.load_ids') }} as load_ids,
    {{ text_list_of('superseded.by_loads') }} as by_loads,
    superseded.because,
    sum(superseded.row_count) as row_count,
    min(superseded.first_date) as first_date,
    max(superseded.last_date) as last_date,
    sum(superseded.amount_spent) as amount_spent,
    coalesce(max(instead.amount_instead), 0) as amount_instead,
    coalesce(bool_or(instead.is_wider), false) as is_wider
from superseded
left join instead on superseded.outcome = instead.outcome
group by superseded.outcome, superseded.because
order by first_date, because, load_ids
{% endmacro %}
