{{ after_clients('processed_campaign_data') }}
with

mapped as (
    {{ union_clients('wave_schema_mapping', [
        ['load_id', 'varchar'],
        ['wave_number', 'integer'],
        ['ordinal', 'integer'],
        ['column_name', 'varchar'],
        ['target_column', 'varchar'],
        ['column_type', 'varchar'],
        ['value_format', 'varchar'],
        ['mapping_rule', 'varchar'],
        ['default_value', 'varchar'],
        ['filled_cells', 'bigint'],
        ['decided_by', 'varchar'],
    ], from_source=true) }}
),

clients as (

    select * from {{ ref('clients') }}

),

final as (

    select
        mapped.client_schema,
        clients.client,
        clients.platform,
        clients.year,
        mapped.wave_number,
        mapped.load_id,
        mapped.ordinal,
        mapped.column_name,
        mapped.target_column,
        mapped.column_type,
        mapped.value_format,
        mapped.mapping_rule,
        mapped.default_value,
        mapped.filled_cells,
        mapped.decided_by
    from mapped
    inner join clients on mapped.client_schema = clients.client_schema

)

select * from final
