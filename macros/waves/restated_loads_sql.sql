{#
  Purpose: which earlier loads speak of the same rows as a file: joined by ids where both sides have one, else by names.
    Runs on the DuckDB that has read the file, whatever the warehouse is.
  Arguments: earlier_keys, file_keys (SQL names of tables as grain_of_cells makes them; that of the file has no load_id
    that matters).
  Returns: a select statement (text): load_id, matched_rows, file_rows, first_date, last_date, spend_before, spend_after,
    and same_campaign_rows, the load's rows of the days and campaigns that the file has.
  Example: {{ restated_loads_sql('earlier_keys', 'file_keys') }}
#}
{% macro restated_loads_sql(earlier_keys, file_keys) %}
with
matched as (
    select earlier.*, file.row_key as file_row_key, file.id_key as file_id_key
    from {{ earlier_keys }} as earlier
    inner join {{ file_keys }} as file
        on earlier.row_key = file.row_key and (earlier.id_key is null or file.id_key is null)
    union
    select earlier.*, file.row_key, file.id_key
    from {{ earlier_keys }} as earlier
    inner join {{ file_keys }} as file on earlier.id_key = file.id_key
),
of_load as (
    select
        load_id,
        sum(row_count) as matched_rows,
        sum(amount_spent) as spend,
        min(date_start) as first_date,
        max(date_start) as last_date
    from (select distinct load_id, row_key, id_key, campaign, date_start, row_count, amount_spent from matched)
    group by load_id
),
of_file as (
    select matched.load_id, sum(file.row_count) as file_rows, sum(file.amount_spent) as spend
    from (select distinct load_id, file_row_key, file_id_key from matched) as matched
    inner join {{ file_keys }} as file
        on matched.file_row_key is not distinct from file.row_key
        and matched.file_id_key is not distinct from file.id_key
    group by matched.load_id
),
same_campaigns as (
    select earlier.load_id, sum(earlier.row_count) as row_count
    from {{ earlier_keys }} as earlier
    where exists (
        select 1 from {{ file_keys }} as file
        where file.date_start = earlier.date_start and file.campaign = earlier.campaign
    )
    group by earlier.load_id
)
select
    load_id,
    of_load.matched_rows,
    of_file.file_rows,
    first_date,
    last_date,
    of_load.spend as spend_before,
    of_file.spend as spend_after,
    same_campaigns.row_count as same_campaign_rows
from (select distinct load_id from {{ earlier_keys }})
left join of_load using (load_id)
left join of_file using (load_id)
left join same_campaigns using (load_id)
{% endmacro %}
