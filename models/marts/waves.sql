with

waves as (
    {{ union_clients('wave_quality', [
        ['wave_number', 'integer'],
        ['wave_name', 'varchar'],
        ['loads', 'bigint'],
        ['row_count', 'bigint'],
        ['superseded_rows', 'bigint'],
        ['first_date', 'date'],
        ['last_date', 'date'],
        ['impressions', 'bigint'],
        ['clicks', 'bigint'],
        ['amount_spent', 'decimal(38, 6)'],
        ['currency', 'varchar'],
        ['completeness', 'decimal(5, 4)'],
        ['validity', 'decimal(5, 4)'],
        ['consistency', 'decimal(5, 4)'],
        ['uniqueness', 'decimal(5, 4)'],
        ['conformity', 'decimal(5, 4)'],
        ['coverage', 'decimal(5, 4)'],
        ['data_quality_score', 'decimal(5, 4)'],
        ['rows_with_issues', 'bigint'],
        ['rows_without_naming_key', 'bigint'],
        ['new_columns', type_json()],
        ['missing_columns', type_json()],
        ['first_upload', type_timestamp()],
        ['last_upload', type_timestamp()],
        ['processed_timestamp', type_timestamp()],
    ]) }}
),

questions as (
    {{ union_clients('open_questions', [
        ['wave_number', 'integer'],
        ['amount_at_stake', 'decimal(38, 6)'],
        ['settled_timestamp', type_timestamp()],
    ], from_source=true) }}
),

open_questions as (

    select
        client_schema,
        wave_number,
        count(*) as open_questions,
        sum(amount_at_stake) as amount_at_stake
    from questions
    where settled_timestamp is null
    group by client_schema, wave_number

),

clients as (

    select * from {{ ref('clients') }}

),

final as (

    select
        waves.client_schema,
        clients.client,
        coalesce(nullif(clients.brand, ''), clients.client) as brand,
        clients.platform,
        clients.year,
        waves.wave_number,
        waves.wave_name,
        waves.loads,
        cast(waves.row_count as bigint) as row_count,
        cast(waves.superseded_rows as bigint) as superseded_rows,
        waves.first_date,
        waves.last_date,
        cast(waves.impressions as bigint) as impressions,
        cast(waves.clicks as bigint) as clicks,
        waves.amount_spent,
        waves.currency,
        waves.completeness,
        waves.validity,
        waves.consistency,
        waves.uniqueness,
        waves.conformity,
        waves.coverage,
        waves.data_quality_score,
        case
            when waves.data_quality_score < {{ var('quality_error_below') }} then 'failed'
            when waves.data_quality_score < {{ var('quality_warn_below') }} then 'needs review'
            else 'passed'
        end as quality_status,
        cast(waves.rows_with_issues as bigint) as rows_with_issues,
        cast(waves.rows_without_naming_key as bigint) as rows_without_naming_key,
        coalesce(open_questions.open_questions, 0) as open_questions,
        open_questions.amount_at_stake,
        waves.new_columns,
        waves.missing_columns,
        waves.first_upload,
        waves.last_upload,
        waves.processed_timestamp
    from waves
    inner join clients on waves.client_schema = clients.client_schema
    left join open_questions
        on
            waves.client_schema = open_questions.client_schema
            and waves.wave_number = open_questions.wave_number

)

select * from final
