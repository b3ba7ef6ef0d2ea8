{#
  Purpose: what a new load changes in which rows count, beyond rows that it states again: whose rows give way to whose, why, and
    what counts instead. Runs on the DuckDB that has read the file, whatever the warehouse is.
  Arguments: keys (SQL name of a table: load_id, row_number, date_start, date_end, row_count, amount_spent), before, after (SQL
    names of tables as judged_rows_sql() makes them, without and with the new load), load_id (string: the new one).
  Returns: a select statement (text): load_id and by_load (whose rows give way to whose), because, row_count, first_date,
    last_date, amount_spent (of the rows that give way), amount_instead (of what counts of the same campaigns and days).
  Example: {{ overlapping_loads_sql('keys', 'before', 'after', '9f2c1ab03c4d5e6f') }}
#}
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

giving_way as (

    select
        load_id,
        superseded_by as by_load,
        superseded_because as because,
        campaign,
        sum(row_count) as row_count,
        min(date_start) as first_date,
        max(date_end) as last_date,
        sum(amount_spent) as amount_spent
    from judged
    where
        superseded_by is not null
        and is_new
        and superseded_because <> 'a later export states it again'
    group by load_id, superseded_by, superseded_because, campaign

),

instead as (

    select
        giving_way.load_id,
        giving_way.by_load,
        giving_way.because,
        sum(judged.amount_spent) as amount_instead
    from giving_way
    inner join judged
        on
            (giving_way.campaign = judged.campaign or giving_way.campaign = '')
            and giving_way.first_date <= judged.date_end
            and giving_way.last_date >= judged.date_start
    where judged.superseded_by is null
    group by giving_way.load_id, giving_way.by_load, giving_way.because

)

select
    giving_way.load_id,
    giving_way.by_load,
    giving_way.because,
    sum(giving_way.row_count) as row_count,
    min(giving_way.first_date) as first_date,
    max(giving_way.last_date) as last_date,
    sum(giving_way.amount_spent) as amount_spent,
    coalesce(max(instead.amount_instead), 0) as amount_instead
from giving_way
left join instead
    on
        giving_way.load_id = instead.load_id
        and giving_way.by_load = instead.by_load
        and giving_way.because = instead.because
group by giving_way.load_id, giving_way.by_load, giving_way.because
order by 5, 1, 2, 3
{% endmacro %}
