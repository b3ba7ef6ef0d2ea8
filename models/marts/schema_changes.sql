with

columns_by_wave as (

    select
        client_schema,
        client,
        platform,
        year,
        wave_number,
        target_column,
        min(column_name) as column_name,
        min(column_type) as column_type
    from {{ ref('wave_columns') }}
    where
        ordinal is not null
        and mapping_rule <> 'ignore'
    group by client_schema, client, platform, year, wave_number, target_column

),

waves as (

    select distinct
        client_schema,
        wave_number,
        dense_rank() over (partition by client_schema order by wave_number) as wave_position
    from columns_by_wave

),

positioned as (

    select
        columns_by_wave.client_schema,
        columns_by_wave.client,
        columns_by_wave.platform,
        columns_by_wave.year,
        columns_by_wave.wave_number,
        columns_by_wave.target_column,
        columns_by_wave.column_name,
        columns_by_wave.column_type,
        waves.wave_position,
        min(waves.wave_position) over (
            partition by columns_by_wave.client_schema, columns_by_wave.target_column
        ) as first_position
    from columns_by_wave
    inner join waves
        on
            columns_by_wave.client_schema = waves.client_schema
            and columns_by_wave.wave_number = waves.wave_number

),

-- each wave beside the one before it; a column on one side only has come or gone
compared as (

    select
        coalesce(later.client_schema, earlier.client_schema) as client_schema,
        coalesce(later.client, earlier.client) as client,
        coalesce(later.platform, earlier.platform) as platform,
        coalesce(later.year, earlier.year) as year,
        coalesce(later.wave_position, earlier.wave_position + 1) as wave_position,
        coalesce(later.target_column, earlier.target_column) as target_column,
        earlier.column_name as earlier_header,
        later.column_name as header,
        earlier.column_type as earlier_type,
        later.column_type as column_type,
        case
            when later.target_column is null then 'gone'
            when earlier.target_column is null and later.wave_position > later.first_position then 'back'
            when earlier.target_column is null then 'new'
            when earlier.column_type <> later.column_type then 'type changed'
            when earlier.column_name <> later.column_name then 'header changed'
        end as change
    from positioned as later
    full join positioned as earlier
        on
            later.client_schema = earlier.client_schema
            and later.target_column = earlier.target_column
            and later.wave_position = earlier.wave_position + 1

),

final as (

    select
        compared.client_schema,
        compared.client,
        compared.platform,
        compared.year,
        waves.wave_number,
        compared.target_column,
        compared.change,
        compared.earlier_header,
        compared.header,
        compared.earlier_type,
        compared.column_type
    from compared
    -- what follows the last wave is no wave: its columns have not gone
    inner join waves
        on
            compared.client_schema = waves.client_schema
            and compared.wave_position = waves.wave_position
    where
        compared.change is not null
        and compared.wave_position > 1

)

select * from final
