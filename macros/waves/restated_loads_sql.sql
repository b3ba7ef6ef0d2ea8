{# Which earlier loads have the same rows as a file: joined by ids where both sides have one, else by names. Runs on the DuckDB that has
   read the file, whatever the warehouse is.
   Arguments: earlier_keys, file_keys (SQL names of tables as overlap_keys_of_cells makes them; that of the file has no load_id that matters).
   Returns: a select statement (text): load_id, matched_rows, file_rows, first_date, last_date, spend_before, spend_after, impressions_before,
     impressions_after, compared_rows (matched by names alone), unlike_spend, unlike_impressions and unlike_rows (those of them with quite
     another spend, other impressions, and either).
   Example: {{ restated_loads_sql('earlier_keys', 'file_keys') }} #}
{% macro restated_loads_sql(earlier_keys, file_keys) %}
{%- set unlike = "abs({0} - file_{0}) > 0.2 * greatest({0}, file_{0})" -%}
{%- set unlike_spend, unlike_impressions = unlike.format('amount_spent'), unlike.format('impressions') %}
with
matched as (
    {{ matched_keys_sql(earlier_keys, file_keys) }}
),
of_load as (
    select
        load_id,
        sum(row_count) as matched_rows,
        sum(amount_spent) as spend,
        sum(impressions) as impressions,
        min(date_start) as first_date,
        max(date_start) as last_date
    from (
        select distinct load_id, row_key, id_key, campaign_id, campaign_name, date_start, row_count, amount_spent, impressions
        from matched
    )
    group by load_id
),
-- the last day of an export may not have been over: that it grew in one which goes on says nothing
last_days as (
    select load_id, max(coalesce(date_end, date_start)) as last_day, max(file_day) as file_day
    from {{ earlier_keys }}
    cross join (select max(coalesce(date_end, date_start)) as file_day from {{ file_keys }})
    group by load_id
),
-- rows matched by names alone; one that matches several says nothing
single as (
    select
        load_id,
        any_value(date_end) as date_end,
        any_value(amount_spent) as amount_spent,
        any_value(impressions) as impressions,
        any_value(file_amount_spent) as file_amount_spent,
        any_value(file_impressions) as file_impressions
    from matched
    where id_key is null or file_id_key is null
    group by load_id, row_key
    having count(*) = 1
),
by_name as (
    select
        load_id,
        count(*) as compared_rows,
        count(case when {{ unlike_spend }} then 1 end) as unlike_spend,
        count(case when {{ unlike_impressions }} then 1 end) as unlike_impressions,
        count(case when {{ unlike_spend }} or {{ unlike_impressions }} then 1 end) as unlike_rows
    from single
    inner join last_days using (load_id)
    where
        greatest(amount_spent, file_amount_spent, impressions, file_impressions) > 0
        and not (
            date_end = last_day
            and last_day < file_day
            and file_amount_spent >= amount_spent
            and coalesce(file_impressions >= impressions, true)
        )
    group by load_id
),
of_file as (
    select
        matched.load_id,
        sum(file.row_count) as file_rows,
        sum(file.amount_spent) as spend,
        sum(file.impressions) as impressions
    from (select distinct load_id, file_row_key, file_id_key from matched) as matched
    inner join {{ file_keys }} as file
        on matched.file_row_key is not distinct from file.row_key
        and matched.file_id_key is not distinct from file.id_key
    group by matched.load_id
)
select
    load_id,
    of_load.matched_rows,
    of_file.file_rows,
    first_date,
    last_date,
    of_load.spend as spend_before,
    of_file.spend as spend_after,
    of_load.impressions as impressions_before,
    of_file.impressions as impressions_after,
    coalesce(compared_rows, 0) as compared_rows,
    coalesce(unlike_spend, 0) as unlike_spend,
    coalesce(unlike_impressions, 0) as unlike_impressions,
    coalesce(unlike_rows, 0) as unlike_rows
from of_load
inner join of_file using (load_id)
left join by_name using (load_id)
{% endmacro %}
