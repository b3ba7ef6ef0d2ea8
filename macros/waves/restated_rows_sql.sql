{# The step of judged_rows_sql() that tells which rows a later export states again: joined by ids where both have one, else by names.
   Arguments: candidates (name of the CTE), restatement (from restatement_policy()).
   Returns: a select statement (text): the candidates with superseded_by, superseded_because and row_group, the text that rows of one load
     share when they have the same campaign and days.
   Example: {{ restated_rows_sql('candidates', 'supersede') }} #}
{% macro restated_rows_sql(candidates, restatement) %}
    select
        compared.*,
        {% if restatement == 'both' -%}
        cast(null as varchar) as superseded_by,
        cast(null as varchar) as superseded_because,
        {%- else -%}
        case when right(winner, 16) <> load_id then right(winner, 16) end as superseded_by,
        case when right(winner, 16) <> load_id then 'a later export states it again' end as superseded_because,
        {%- endif %}
        concat_ws(
            '|', load_id, {{ date_text('date_start') }}, {{ date_text('date_end') }},
            coalesce(campaign_id, ''), coalesce(campaign_name, ''), coalesce(lone_ad_set, ''), coalesce(lone_ad, ''),
            coalesce(account, ''), coalesce(currency, '')
        ) as row_group
    from (
        select
            candidates.*,
            case
                when candidates.id_key is null then by_name.latest
                when by_name.latest_without_id > by_id.latest then by_name.latest_without_id
                else by_id.latest
            end as winner
        from {{ candidates }} as candidates
        left join (
            select id_key, max(precedence) as latest
            from {{ candidates }}
            where id_key is not null
            group by id_key
        ) as by_id on candidates.id_key = by_id.id_key
        left join (
            select row_key, max(precedence) as latest, max(case when id_key is null then precedence end) as latest_without_id
            from {{ candidates }}
            where row_key is not null
            group by row_key
        ) as by_name on candidates.row_key = by_name.row_key
    ) as compared
{% endmacro %}
