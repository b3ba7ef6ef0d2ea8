{# The waves of one client with their scores, the parts of the score, and the columns that are new or missing against earlier waves.
   Arguments: processed, mapping (relations, or names, of one client). built (the relation of scored waves, or none): a wave whose rows, or the
     columns of the waves before it, are those of its row there (`signature`) is left out. version (string, from code_version('waves')).
   Returns: a select statement (text). Not by a CTE of all rows, of which DuckDB would make a copy.
   Example: {{ scored_waves(ref('client_acme_meta_2024__processed_campaign_data'), mapping, none, '') }} #}
{% macro scored_waves(processed, mapping, built, version) %}
with

mapping as (

    select * from {{ mapping }}

),

-- what each wave has, and what it need not have
wave_columns as (

    select
        wave_number,
        target_column,
        max(case when ordinal is not null then 1 else 0 end) as is_present,
        max(case when mapping_rule = 'retired' then 1 else 0 end) as is_retired
    from mapping
    where mapping_rule not in ('ignore', 'constant')
    group by wave_number, target_column

),

waves as (

    select distinct wave_number from wave_columns

),

first_seen as (

    select
        target_column,
        min(wave_number) as first_wave
    from wave_columns
    where is_present = 1
    group by target_column

),

-- a column that a wave retires is not expected in later waves either, until a file brings it again
retirements as (

    select
        waves.wave_number,
        first_seen.target_column,
        max(case when wave_columns.is_present = 1 then wave_columns.wave_number end) as last_present,
        max(case when wave_columns.is_retired = 1 then wave_columns.wave_number end) as last_retired
    from waves
    inner join first_seen on waves.wave_number > first_seen.first_wave
    inner join wave_columns
        on
            first_seen.target_column = wave_columns.target_column
            and waves.wave_number >= wave_columns.wave_number
    group by waves.wave_number, first_seen.target_column

),

expected as (

    select
        wave_number,
        target_column,
        case when last_present = wave_number then 1 else 0 end as is_present
    from retirements
    where
        last_present = wave_number
        or last_retired is null
        or last_retired < last_present

),

-- a wave by campaign lacks no ad: its level is another, not its columns
levels as (

    select
        wave_number,
        min(case default_value when 'account' then 4 when 'campaign' then 3 when 'ad_set' then 2 else 1 end)
            as level_rank
    from mapping
    where
        target_column = 'level'
        and mapping_rule = 'constant'
    group by wave_number

),

coverage_by_wave as (

    select
        wave_number,
        count(*) as expected_columns,
        sum(is_present) as present_columns,
        {{ folded(json_list_of("case when is_present = 0 then target_column end"), 8, 'missing_columns') }}
    from (
        select expected.*
        from expected
        left join levels on expected.wave_number = levels.wave_number
        where
            expected.is_present = 1
            or coalesce(levels.level_rank, 1) <= case
                when expected.target_column in ('ad_id', 'ad_name') then 1
                when expected.target_column in ('ad_set_id', 'ad_set_name') then 2
                else 4
            end
    ) as expected_at_level
    group by wave_number

),

new_by_wave as (

    select
        waves.wave_number,
        {{ folded(json_list_of("first_seen.target_column"), 8, 'new_columns') }}
    from waves
    inner join first_seen on waves.wave_number = first_seen.first_wave
    where waves.wave_number > (select min(wave_number) from waves)
    group by waves.wave_number

),

signatures as (

    select
        loads.wave_number,
        md5(concat_ws(
            '|',
            loads.loads,
            coalesce(cast(coverage_by_wave.expected_columns as varchar), ''),
            coalesce(cast(coverage_by_wave.missing_columns as varchar), ''),
            coalesce(cast(new_by_wave.new_columns as varchar), ''),
            {{ text_literal(version) }}
        )) as signature
    from (
        select
            wave_number,
            {{ folded(text_list_of("load_id || ':' || cast(schema_version as varchar) || ':' || code_version || ':' || superseded"), 12, 'loads') }}
        from (
            select
                wave_number,
                load_id,
                schema_version,
                coalesce(code_version, '') as code_version,
                cast(count(superseded_by) as varchar) || coalesce(max(superseded_by), '') as superseded
            from {{ processed }}
            group by wave_number, load_id, schema_version, code_version
        ) as versions
        group by wave_number
    ) as loads
    left join coverage_by_wave on loads.wave_number = coverage_by_wave.wave_number
    left join new_by_wave on loads.wave_number = new_by_wave.wave_number

),

changed as (

    select
        signatures.wave_number,
        signatures.signature
    from signatures
    {%- if built is not none %}
    left join {{ built }} as built
        on signatures.wave_number = built.wave_number
    where signatures.signature is distinct from built.signature
    {%- endif %}

),

-- rows that a later load supersedes are counted and left out of all else; what nothing counts of scores 1
measured as (

    select
        processed.wave_number,
        max(processed.wave_name) as wave_name,
        count(distinct processed.load_id) as loads,
        cast(sum(counted) as bigint) as row_count,
        cast(sum(1 - counted) as bigint) as superseded_rows,
        min(case when counted = 1 then processed.date_start end) as first_date,
        max(case when counted = 1 then coalesce(processed.date_end, processed.date_start) end) as last_date,
        cast(sum(case when counted = 1 then processed.impressions end) as bigint) as impressions,
        cast(sum(case when counted = 1 then processed.clicks end) as bigint) as clicks,
        case
            when count(distinct case when counted = 1 then processed.currency end) < 2
                then sum(case when counted = 1 then processed.amount_spent end)
        end as amount_spent,
        case
            when count(distinct case when counted = 1 then processed.currency end) > 1 then 'mixed'
            else max(case when counted = 1 then processed.currency end)
        end as currency,
        {%- for part in row_parts() %}
        coalesce(avg(case when counted = 1 then cast(processed.{{ part }} as double) end), 1) as {{ part }},
        {%- endfor %}
        cast(sum(case when counted = 1 and processed.data_quality_score < 1 then 1 else 0 end) as bigint)
            as rows_with_issues,
        cast(sum(case when counted = 1 then 1 - processed.conformity else 0 end) as bigint)
            as rows_without_naming_key,
        min(processed.upload_timestamp) as first_upload,
        max(processed.upload_timestamp) as last_upload
    from (
        select
            *,
            case when superseded_by is null then 1 else 0 end as counted
        from {{ processed }}
    ) as processed
    where processed.wave_number in (select wave_number from changed)
    group by processed.wave_number

),

covered as (

    select
        measured.*,
        coalesce(cast(coverage_by_wave.present_columns as double) / nullif(coverage_by_wave.expected_columns, 0), 1)
            as coverage,
        coalesce(coverage_by_wave.missing_columns, {{ empty_json_list() }}) as missing_columns,
        coalesce(new_by_wave.new_columns, {{ empty_json_list() }}) as new_columns,
        changed.signature
    from measured
    inner join changed on measured.wave_number = changed.wave_number
    left join coverage_by_wave on measured.wave_number = coverage_by_wave.wave_number
    left join new_by_wave on measured.wave_number = new_by_wave.wave_number

),

final as (

    select
        wave_number,
        wave_name,
        loads,
        row_count,
        superseded_rows,
        first_date,
        last_date,
        impressions,
        clicks,
        amount_spent,
        currency,
        {%- for part in row_parts() + ['coverage'] %}
        cast({{ part }} as decimal(5, 4)) as {{ part }},
        {%- endfor %}
        {{ folded(weighted_score(row_parts() + ['coverage']), 8, 'data_quality_score') }},
        rows_with_issues,
        rows_without_naming_key,
        new_columns,
        missing_columns,
        first_upload,
        last_upload,
        signature,
        {{ current_time_utc() }} as processed_timestamp
    from covered

)

select * from final
{% endmacro %}
