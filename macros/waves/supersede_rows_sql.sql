{#
  Purpose: the statement that says of each row whether a later load speaks of the same. The later wave counts, within a
    wave the later upload: so it does not matter in which order waves are loaded.
  Arguments:
    relation (processed_campaign_data of a client).
    policy (from restatement_policy()).
    changed_loads (SQL text: a select of the load_ids that are new, changed or about to go): only rows of their days are
      looked at, so the work does not grow with history.
    removed_load (string, or none): a load that counts no more; its rows are about to be deleted.
  Returns: a statement (text), ended by a semicolon.
  Example: {{ supersede_rows_sql(this, 'supersede', "select load_id from staging where not processed_flag") }}
#}
{% macro supersede_rows_sql(relation, policy, changed_loads, removed_load=none) %}
{%- set precedence -%}
lpad(cast(wave_number as varchar), 6, '0') || ' ' || cast(upload_timestamp as varchar) || ' ' || load_id
{%- endset %}
update {{ relation }}
set superseded_by = judged.superseded_by
from (
    with

    -- the days of the loads that changed, now and before
    days as (

        select distinct date_start
        from {{ relation }}
        where
            load_id in ({{ changed_loads }})
            or superseded_by in ({{ changed_loads }})

    ),

    contested as (

        select date_start
        from {{ relation }}
        where date_start in (select date_start from days)
        group by date_start
        having
            min(load_id) <> max(load_id)
            or max(superseded_by) is not null

    ),

    candidates as (

        select
            load_id,
            row_number,
            row_key,
            id_key,
            superseded_by,
            {{ precedence }} as precedence
        from {{ relation }}
        where
            date_start in (select date_start from contested)
            {%- if removed_load is not none %}
            and load_id <> {{ text_literal(removed_load) }}
            {%- endif %}

    ),

    by_id as (

        select
            id_key,
            max(precedence) as latest
        from candidates
        where id_key is not null
        group by id_key

    ),

    by_name as (

        select
            row_key,
            max(precedence) as latest,
            max(case when id_key is null then precedence end) as latest_without_id
        from candidates
        where row_key is not null
        group by row_key

    ),

    winners as (

        select
            candidates.load_id,
            candidates.row_number,
            candidates.superseded_by as superseded_before,
            case
                when candidates.id_key is null then by_name.latest
                when by_name.latest_without_id > by_id.latest then by_name.latest_without_id
                else by_id.latest
            end as winner
        from candidates
        left join by_id on candidates.id_key = by_id.id_key
        left join by_name on candidates.row_key = by_name.row_key

    ),

    named as (

        select
            load_id,
            row_number,
            superseded_before,
            {% if policy == 'both' -%}
            cast(null as varchar) as superseded_by
            {%- else -%}
            case when right(winner, 16) <> load_id then right(winner, 16) end as superseded_by
            {%- endif %}
        from winners

    )

    select
        load_id as judged_load,
        row_number as judged_row,
        superseded_by
    from named
    where superseded_by is distinct from superseded_before
) as judged
where
    load_id = judged.judged_load
    and row_number = judged.judged_row;
{% endmacro %}
