{# Tests that each wave has the figures of its rows: how many count, spend, the parts of the score and the score, and that each row has the
   score of its parts. Guards wave_quality, and every mart over it, against rows or waves that were built without the other.
   Arguments: quality, processed (relations of one client).
   Returns: a select statement (text): one row a wave that differs, in the columns of combined_tests().
   Example: {{ waves_agree_with_their_rows(quality, processed) }} #}
{% macro waves_agree_with_their_rows(quality, processed) %}
{%- set parts = row_parts() %}
with

rows_of_waves as (

    select
        wave_number,
        count(case when superseded_by is null then 1 end) as row_count,
        count(superseded_by) as superseded_rows,
        sum(case when superseded_by is null then amount_spent end) as amount_spent,
        sum(case when data_quality_score is distinct from {{ weighted_score(parts) }} then 1 else 0 end) as other_scores,
        {%- for part in parts %}
        coalesce(avg(case when superseded_by is null then cast({{ part }} as double) end), 1) as {{ part }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ processed }}
    group by wave_number

),

-- the coverage of a wave is of its columns, and no sum of rows
compared as (

    select
        rows_of_waves.*,
        scored.coverage,
        scored.wave_number as scored_wave,
        scored.wave_name,
        scored.currency,
        scored.row_count as scored_rows,
        scored.superseded_rows as scored_superseded_rows,
        scored.amount_spent as scored_spend,
        scored.data_quality_score
    from rows_of_waves
    full join {{ quality }} as scored on rows_of_waves.wave_number = scored.wave_number

)

select
    'waves_agree_with_their_rows' as test_name,
    coalesce(wave_number, scored_wave) as wave_number,
    cast(null as varchar) as load_id,
    wave_name as subject,
    coalesce(cast(row_count as varchar), 'no') || ' rows that count, a score of '
    || coalesce(cast({{ weighted_score(parts + ['coverage']) }} as varchar), 'none') as expected,
    coalesce(cast(scored_rows as varchar), 'no') || ' rows, ' || coalesce(cast(data_quality_score as varchar), 'none')
    || case when other_scores > 0 then ', and ' || cast(other_scores as varchar) || ' rows whose score is not that of their parts' else '' end
    as found
from compared
where
    row_count is distinct from scored_rows
    or superseded_rows is distinct from scored_superseded_rows
    or (currency is distinct from 'mixed' and amount_spent is distinct from scored_spend)
    or other_scores > 0
    or abs({{ weighted_score(parts + ['coverage']) }} - data_quality_score) > 0.0001
{% endmacro %}
