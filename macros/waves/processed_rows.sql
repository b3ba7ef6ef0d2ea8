{# The rows of some loads as processed_campaign_data holds them: flattened, typed and scored. The model selects them, and the loader shows
   them before a file is loaded, over the file's own rows.
   Arguments: staging, naming_keys (relations, or names, of one client's tables), groups (list, from pending_loads()), promoted (list, from
     promoted_columns()), version (string): what the column code_version says.
   Returns: a select statement (text).
   Example: {{ processed_rows('staging', 'naming_keys', pending_loads('client_acme_meta_2024'), [], '') }} #}
{% macro processed_rows(staging, naming_keys, groups, promoted, version) %}
{%- set columns = core_columns() + promoted -%}
with

naming_keys as (

    select distinct ad_set_name
    from {{ naming_keys }}

),
{% for group in groups %}
flattened_{{ loop.index }} as (
{{ flattened_loads(staging, group, promoted) }}
),
{% endfor %}
flattened as (
    {% for group in groups %}
    select
        {%- for name in raw_row_columns() %}
        {{ name }},
        {%- endfor %}
        {%- for column in columns %}
        {{ column.name }},
        {%- endfor %}
        additional_metrics,
        row_identity,
        row_key,
        id_key,
        is_complete,
        is_valid,
        is_consistent,
        cell_issues
    from flattened_{{ loop.index }}
    {{ "union all" if not loop.last }}
    {% else %}
    select
        {{ empty_raw_row() }},
        {%- for column in columns %}
        cast(null as {{ column_types()[column.type].sql }}) as {{ column.name }},
        {%- endfor %}
        cast(null as {{ type_json() }}) as additional_metrics,
        cast(null as varchar) as row_identity,
        cast(null as varchar) as row_key,
        cast(null as varchar) as id_key,
        cast(null as boolean) as is_complete,
        cast(null as boolean) as is_valid,
        cast(null as boolean) as is_consistent,
        {{ text_list([]) }} as cell_issues
    where false
    {% endfor %}
),

-- a window over all rows would sort them all, and few files repeat any
repeated as (

    select
        load_id,
        row_identity,
        min(row_number) as first_row
    from flattened
    group by load_id, row_identity
    having count(*) > 1

),

keyed as (

    select
        flattened.*,
        coalesce(flattened.row_number > repeated.first_row, false) as is_repeated
    from flattened
    left join repeated
        on
            flattened.load_id = repeated.load_id
            and flattened.row_identity = repeated.row_identity

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
        end as conformity
    from keyed
    cross join (select count(*) as known_names from naming_keys) as convention
    left join naming_keys on keyed.ad_set_name = naming_keys.ad_set_name

),

final as (

    select
        {%- for name in raw_row_columns() %}
        {{ name }},
        {%- endfor %}
        {%- for column in core_columns() %}
        {{ column.name }},
        {%- endfor %}
        additional_metrics,
        case
            when cell_issues is null and uniqueness + conformity = 2 then {{ empty_json_list() }}
            else {{ list_to_json(['coalesce(cell_issues, ' ~ text_list([]) ~ ')', text_list([
                "case when uniqueness = 0 then 'same row as an earlier one of the file' end",
                "case when conformity = 0 and ad_set_name is null then 'ad_set_name: required, since there are naming keys' end",
                "case when conformity = 0 and ad_set_name is not null then 'ad_set_name: not in naming_keys' end",
            ])]) }}
        end as row_issues,
        row_key,
        id_key,
        cast(null as varchar) as superseded_by,
        cast(null as varchar) as superseded_because,
        {%- for part in row_parts() %}
        {{ part }},
        {%- endfor %}
        {{ weighted_score(row_parts()) }} as data_quality_score,
        {{ current_time_utc() }} as processed_timestamp,
        {{ text_literal(version) }} as code_version
        {%- for column in promoted %},
        {{ column.name }}
        {%- endfor %}
    from judged

)

select * from final
{% endmacro %}
