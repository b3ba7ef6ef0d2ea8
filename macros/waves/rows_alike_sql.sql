{# Rows of a file that count beside rows of an earlier load with the same days and figures: the same rows under other names or breakdowns,
   or in another account or currency, which would count twice. Equal impressions of a hundred or more, fewer with equal spend, or equal
   spend where a side has no impressions, are evidence in half of the rows; a row at another level is judged by judged_rows_sql(). Runs on the DuckDB that has read the file, whatever
   the warehouse is.
   Arguments: earlier_keys, file_keys (SQL names of tables as overlap_keys_of_cells makes them).
   Returns: a select statement (text): load_id, alike_rows and spend (of the file), common_rows (those of the file, of days and levels that
     the load has), before, after (what one of them is called there and here).
   Example: {{ rows_alike_sql('earlier_keys', 'file_keys') }} #}
{% macro rows_alike_sql(earlier_keys, file_keys) %}
{%- set name -%}
concat_ws(', ', coalesce(own_account_name, own_account_id), coalesce(campaign_name, campaign_id), coalesce(ad_set_name, ad_set_id), coalesce(ad_name, ad_id), currency)
{%- endset %}
{%- set span -%}
date_start, coalesce(date_end, date_start) as date_end, level, coalesce(breakdowns, '') as breakdowns, amount_spent, impressions, {{ name }} as name
{%- endset %}
with
matched as (
    {{ matched_keys_sql(earlier_keys, file_keys) }}
),
file_rows as (
    select row_number() over () as number, {{ span }}
    from {{ file_keys }} as file
    anti join matched on file.row_key is not distinct from matched.file_row_key and file.id_key is not distinct from matched.file_id_key
    where amount_spent > 0
),
earlier_rows as (
    select load_id, {{ span }}
    from {{ earlier_keys }} as earlier
    anti join matched
        on earlier.load_id = matched.load_id
        and earlier.row_key is not distinct from matched.row_key and earlier.id_key is not distinct from matched.id_key
    where amount_spent > 0
),
common as (
    select file_rows.number, days.load_id
    from file_rows
    inner join (select distinct load_id, date_start, date_end, level, breakdowns from earlier_rows) as days
        using (date_start, date_end, level, breakdowns)
),
twins as (
    {%- for evidence, condition in {
        'impressions': 'earlier.impressions >= 100 or earlier.amount_spent = file.amount_spent',
        'amount_spent': 'earlier.impressions is null or file.impressions is null',
    }.items() %}
    select file.number, earlier.load_id, any_value(file.amount_spent) as spend, any_value(file.{{ evidence }}) as figure,
        min(earlier.name) as before, any_value(file.name) as after
    from file_rows as file
    inner join earlier_rows as earlier using (date_start, date_end, level, breakdowns, {{ evidence }})
    where {{ condition }}
    group by file.number, earlier.load_id
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),
judged as (
    select load_id, count(*) as alike_rows, sum(spend) as spend, count(distinct figure) as figures,
        min_by((before, after), number) as names
    from twins
    group by load_id
)
select judged.load_id, alike_rows, spend, common_rows, names[1] as before, names[2] as after
from judged
inner join (select load_id, count(*) as common_rows from common group by load_id) as of_load on judged.load_id = of_load.load_id
where alike_rows >= 2 and figures >= 2 and alike_rows >= 0.5 * common_rows
order by spend desc, judged.load_id
{% endmacro %}
