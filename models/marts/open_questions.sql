{{ after_clients('processed_campaign_data') }}
with

questions as (
    {{ union_clients('open_questions', [
        ['question_id', 'varchar'],
        ['load_id', 'varchar'],
        ['wave_number', 'integer'],
        ['kind', 'varchar'],
        ['column_name', 'varchar'],
        ['row_count', 'bigint'],
        ['row_numbers', type_json()],
        ['amount_at_stake', 'decimal(38, 6)'],
        ['question', 'varchar'],
        ['remedy', 'varchar'],
        ['asked_timestamp', type_timestamp()],
        ['settled_timestamp', type_timestamp()],
        ['settled_by', 'varchar'],
        ['answer', 'varchar'],
    ], from_source=true) }}
),

clients as (

    select * from {{ ref('clients') }}

),

final as (

    select
        questions.client_schema,
        clients.client,
        clients.platform,
        clients.year,
        questions.wave_number,
        questions.load_id,
        questions.question_id,
        questions.kind,
        questions.column_name,
        questions.row_count,
        questions.row_numbers,
        questions.amount_at_stake,
        questions.question,
        questions.remedy,
        case when questions.settled_timestamp is null then 'open' else 'settled' end as status,
        questions.asked_timestamp,
        questions.settled_timestamp,
        questions.settled_by,
        questions.answer
    from questions
    inner join clients on questions.client_schema = clients.client_schema

)

select * from final
