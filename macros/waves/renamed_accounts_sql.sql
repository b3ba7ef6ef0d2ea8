{# Accounts of earlier loads that a file lacks, where it has another with the same campaigns, days and spend: one account, written in two
   ways, that counts twice. An account is known by its id, which its name tells where rows have both; two ids are two accounts. Asked where
   half of the rows that both have are the same, with two amounts or more, or all with the same impressions. Runs on the DuckDB that has
   read the file, whatever the warehouse is.
   Arguments: earlier_keys, file_keys (SQL names of tables as overlap_keys_of_cells makes them).
   Returns: a select statement (text): before, after, same_rows, common_rows, common_spend (of the file).
   Example: {{ renamed_accounts_sql('earlier_keys', 'file_keys') }} #}
{% macro renamed_accounts_sql(earlier_keys, file_keys) %}
with
accounts as (
    {%- for keys, is_file in [(earlier_keys, false), (file_keys, true)] %}
    select distinct own_account_id as id, own_account_name as name, {{ is_file }} as is_file
    from {{ keys }}
    where coalesce(own_account_id, own_account_name) is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),
named as (
    select name, min(id) as id
    from accounts
    where name is not null
    group by name
    having min(id) = max(id)
),
labelled as (
    select
        accounts.id,
        accounts.name,
        is_file,
        coalesce(accounts.id, named.id) is not null as has_id,
        coalesce(accounts.id, named.id, accounts.name) as account
    from accounts
    left join named on accounts.name = named.name
),
pairs as (
    select
        earlier.id as earlier_id,
        earlier.name as earlier_name,
        earlier.account as before,
        file.id as file_id,
        file.name as file_name,
        file.account as after
    from labelled as earlier
    inner join labelled as file on earlier.account <> file.account and not (earlier.has_id and file.has_id)
    where
        not earlier.is_file
        and file.is_file
        and earlier.account not in (select account from labelled where is_file)
),
-- several loads may have a row
common as (
    select
        pairs.before,
        pairs.after,
        file.row_key,
        max(file.amount_spent) as spend,
        max(case when earlier.impressions = file.impressions then file.impressions end) as impressions,
        bool_or(
            earlier.amount_spent = file.amount_spent
            and coalesce(abs(earlier.impressions - file.impressions) <= 0.2 * greatest(earlier.impressions, file.impressions), true)
            or abs(earlier.amount_spent - file.amount_spent) <= 0.2 * greatest(earlier.amount_spent, file.amount_spent)
            and coalesce(earlier.impressions = file.impressions and file.impressions >= 100, false)
        ) as is_same
    from pairs
    inner join {{ earlier_keys }} as earlier
        on pairs.earlier_id is not distinct from earlier.own_account_id and pairs.earlier_name is not distinct from earlier.own_account_name
    inner join {{ file_keys }} as file
        on
            earlier.row_key = file.row_key
            and pairs.file_id is not distinct from file.own_account_id
            and pairs.file_name is not distinct from file.own_account_name
    where
        (earlier.id_key is null or file.id_key is null)
        and greatest(earlier.amount_spent, file.amount_spent) > 0
    group by pairs.before, pairs.after, file.row_key
),
judged as (
    select
        before,
        after,
        count(*) as common_rows,
        count(case when is_same then 1 end) as same_rows,
        count(case when is_same then impressions end) as same_impressions,
        count(distinct case when is_same then (spend, impressions) end) as figures,
        sum(spend) as common_spend
    from common
    group by before, after
)
select before, after, same_rows, common_rows, common_spend
from judged
where
    same_impressions = common_rows
    or (same_rows >= 0.5 * common_rows and figures > 1)
order by common_spend desc, before, after
{% endmacro %}
