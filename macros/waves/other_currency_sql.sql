{# Rows that a file has in another currency than earlier loads, with the same impressions: one export in two currencies, which counts in
   both. Two accounts of two currencies have other impressions. Asked where half of the rows are the same, with two figures or more. Runs on
   the DuckDB that has read the file, whatever the warehouse is.
   Arguments: earlier_keys, file_keys (SQL names of tables as overlap_keys_of_cells makes them).
   Returns: a select statement (text): before, after (currencies), same_rows, common_rows, common_spend (of the file).
   Example: {{ other_currency_sql('earlier_keys', 'file_keys') }} #}
{% macro other_currency_sql(earlier_keys, file_keys) %}
with
-- several loads may have a row
common as (
    {%- for key in ['row_key', 'id_key'] %}
    select
        earlier.currency as before,
        file.currency as after,
        file.row_key,
        file.amount_spent as spend,
        file.impressions,
        bool_or(earlier.impressions = file.impressions) as is_same
    from {{ earlier_keys }} as earlier
    inner join {{ file_keys }} as file on earlier.{{ key }} = file.{{ key }} and earlier.currency <> file.currency
    where
        length(earlier.currency) = 3
        and length(file.currency) = 3
        and greatest(earlier.impressions, file.impressions) > 0
        {%- if key == 'row_key' %}
        and (earlier.id_key is null or file.id_key is null)
        {%- endif %}
        and coalesce(earlier.own_account_id = file.own_account_id, true)
    group by all
    {%- if not loop.last %}
    union
    {%- endif %}
    {%- endfor %}
),
judged as (
    select
        before,
        after,
        count(*) as common_rows,
        count(case when is_same then 1 end) as same_rows,
        count(distinct case when is_same then impressions end) as figures,
        sum(spend) as common_spend
    from common
    group by before, after
)
select before, after, same_rows, common_rows, common_spend
from judged
where
    same_rows >= 0.5 * common_rows
    and figures > 1
order by common_spend desc, before, after
{% endmacro %}
