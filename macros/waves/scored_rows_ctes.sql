{# The steps that score typed rows.
   Arguments: naming_keys (relation, or name, of one client), promoted (list, from promoted_columns()), version (string): what the column
     code_version says.
   Returns: CTEs (text) over one named typed_rows (typed_rows_sql()), the last of them final.
   Example: with typed_rows as (...), {{ scored_rows_ctes('naming_keys', [], '') }} select * from final #}
{% macro scored_rows_ctes(naming_keys, promoted, version) -%}
naming_keys as (

    select distinct ad_set_name
    from {{ naming_keys }}

),

-- a window over all rows would sort them all, and few files repeat any
repeated as (

    select
        load_id,
        row_identity,
        min(row_number) as first_row
    from typed_rows
    group by load_id, row_identity
    having count(*) > 1

),

keyed as (

    select
        typed_rows.*,
        coalesce(typed_rows.row_number > repeated.first_row, false) as is_repeated
    from typed_rows
    left join repeated
        on
            typed_rows.load_id = repeated.load_id
            and typed_rows.row_identity = repeated.row_identity

),

judged as (

    select
        keyed.*,
        case
            when not keyed.is_complete then 0
            when convention.known_names > 0 and keyed.ad_set_name is null then 0
            else 1
        end as completeness,
        case when keyed.is_valid then 1 else 0 end as validity,
        case when keyed.is_consistent then 1 else 0 end as consistency,
        case when keyed.is_repeated then 0 else 1 end as uniqueness,
        case
            when naming_keys.ad_set_name is not null then 1
            when convention.known_names = 0 then 1
            else 0
        end as conformity,
        case when keyed.is_repeated then 'same row as an earlier one of the file' end as repeated_issue,
        case
            when convention.known_names = 0 or naming_keys.ad_set_name is not null then null
            when keyed.ad_set_name is null then 'ad_set_name: required, since there are naming keys'
            else 'ad_set_name: not in naming_keys'
        end as naming_issue
    from keyed
    cross join (select count(*) as known_names from naming_keys) as convention
    left join naming_keys on keyed.ad_set_name = naming_keys.ad_set_name

),

final as (

    select
        {%- for name in raw_row_columns() + core_columns() | map(attribute='name') | list %}
        {{ name }},
        {%- endfor %}
        additional_metrics,
        case
            when coalesce(repeated_issue, naming_issue) is null and cell_issues is null then {{ empty_json_list() }}
            else
                {{ folded(list_to_json(['coalesce(cell_issues, ' ~ text_list([]) ~ ')', text_list(['repeated_issue', 'naming_issue'])]), 16) }}
        end as row_issues,
        row_key,
        id_key,
        cast(null as varchar) as superseded_by,
        cast(null as varchar) as superseded_because,
        {%- for part in row_parts() %}
        {{ part }},
        {%- endfor %}
        {{ folded(weighted_score(row_parts()), 8, 'data_quality_score') }},
        {{ current_time_utc() }} as processed_timestamp,
        {{ text_literal(version) }} as code_version
        {%- for column in promoted %},
        {{ column.name }}
        {%- endfor %}
    from judged

)
{%- endmacro %}
