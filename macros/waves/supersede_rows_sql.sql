{# The statement that says of each row whether it counts, and what counts instead and why (judged_rows_sql()). The later wave is the later
   one, within a wave the later upload: so it does not matter in which order waves are loaded.
   Arguments: relation (processed_campaign_data of a client). restatement (from restatement_policy()), overlap (from overlap_policy()).
     changed_loads (SQL text: a select of the load_ids that are new, changed or about to go): only rows of days that touch theirs are looked
     at, so the work does not grow with history. removed_load (string, or none): a load that counts no more; its rows are about to be
     deleted.
   Returns: a statement (text), ended by a semicolon.
   Example: {{ supersede_rows_sql(this, 'supersede', 'finest', "select load_id from staging where not processed_flag") }} #}
{% macro supersede_rows_sql(relation, restatement, overlap, changed_loads, removed_load=none) %}
{%- set candidates %}
        with

        changed as (

            select distinct load_id
            from ({{ changed_loads }}) as changed_loads

        ),

        days as (

            select
                rows_of_client.date_start,
                max(coalesce(rows_of_client.date_end, rows_of_client.date_start)) as date_end,
                min(rows_of_client.load_id) as first_load,
                max(rows_of_client.load_id) as last_load,
                count(rows_of_client.superseded_by) as superseded_rows,
                count(changed.load_id) + count(judged_by.load_id) as changed_rows
            from {{ relation }} as rows_of_client
            left join changed on rows_of_client.load_id = changed.load_id
            left join changed as judged_by on rows_of_client.superseded_by = judged_by.load_id
            where rows_of_client.date_start is not null
            group by rows_of_client.date_start

        ),

        -- days that no row of several days connects can't concern each other
        reached as (

            select
                *,
                max(date_end) over (order by date_start rows between unbounded preceding and 1 preceding) as reached
            from days

        ),

        islands as (

            select
                *,
                sum(case when date_start <= reached then 0 else 1 end) over (
                    order by date_start rows between unbounded preceding and current row
                ) as island
            from reached

        ),

        contested as (

            select island
            from islands
            group by island
            having
                sum(changed_rows) > 0
                and (min(first_load) <> max(last_load) or sum(superseded_rows) > 0)

        )

        select
            *,
            1 as row_count,
            {{ account_of_row('own_account_id') }} as own_account_id,
            {{ account_of_row('own_account_name') }} as own_account_name
        from {{ relation }}
        where
            date_start in (select date_start from islands where island in (select island from contested))
            {%- if removed_load is not none %}
            and load_id <> {{ text_literal(removed_load) }}
            {%- endif %}
{%- endset %}
update {{ relation }}
set superseded_by = judged.superseded_by, superseded_because = judged.superseded_because
from ({{ judged_rows_sql(candidates, restatement, overlap) }}) as judged
where
    {{ relation }}.load_id = judged.load_id
    and {{ relation }}.row_number = judged.row_number
    and (
        {{ relation }}.superseded_by is distinct from judged.superseded_by
        or {{ relation }}.superseded_because is distinct from judged.superseded_because
    );
{% endmacro %}
