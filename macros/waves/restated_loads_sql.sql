{# Which earlier loads have the same rows as a file: joined by ids where both sides have one, else by names. Runs on the DuckDB that has
   read the file, whatever the warehouse is.
   Arguments: earlier_keys, file_keys (SQL names of tables as overlap_keys_of_cells makes them; that of the file has no load_id that matters).
   Returns: a select statement (text): load_id, matched_rows, file_rows, first_date, last_date, spend_before, spend_after, is_unlike (all rows that are
     matched by names alone have quite another spend).
   Example: {{ restated_loads_sql('earlier_keys', 'file_keys') }} #}
{% macro restated_loads_sql(earlier_keys, file_keys) %}
{#- a sign such as '$' is that of several -#}
{%- set same = "(coalesce(length(earlier.currency), 0) <> 3 or coalesce(length(file.currency), 0) <> 3 or earlier.currency = file.currency)" %}
{%- set same_account -%}
case
  when earlier.own_account_id is not null and file.own_account_id is not null then earlier.own_account_id = file.own_account_id
  else coalesce(earlier.own_account_name = file.own_account_name, true)
end
{%- endset %}
with
matched as (
    select earlier.*, file.row_key as file_row_key, file.id_key as file_id_key, file.amount_spent as file_spent
    from {{ earlier_keys }} as earlier
    inner join {{ file_keys }} as file
        on earlier.row_key = file.row_key and (earlier.id_key is null or file.id_key is null) and {{ same }} and {{ same_account }}
    union
    select earlier.*, file.row_key, file.id_key, file.amount_spent
    from {{ earlier_keys }} as earlier
    inner join {{ file_keys }} as file on earlier.id_key = file.id_key and {{ same }}
),
of_load as (
    select
        load_id,
        sum(row_count) as matched_rows,
        sum(amount_spent) as spend,
        min(date_start) as first_date,
        max(date_start) as last_date
    from (select distinct load_id, row_key, id_key, campaign_id, campaign_name, date_start, row_count, amount_spent from matched)
    group by load_id
),
-- rows matched by names alone, and those of them whose spend is quite another
by_name as (
    select
        load_id,
        count(*) as named_rows,
        count(case when abs(amount_spent - file_spent) > 0.2 * greatest(amount_spent, file_spent) then 1 end) as unlike_rows
    from matched
    where (id_key is null or file_id_key is null) and greatest(amount_spent, file_spent) > 0
    group by load_id
),
of_file as (
    select matched.load_id, sum(file.row_count) as file_rows, sum(file.amount_spent) as spend
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
    coalesce(by_name.unlike_rows = by_name.named_rows and (by_name.named_rows > 1 or of_file.spend < of_load.spend), false) as is_unlike
from of_load
inner join of_file using (load_id)
left join by_name using (load_id)
{% endmacro %}
