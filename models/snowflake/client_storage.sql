with

tables as (

    select
        lower(table_schema) as client_schema,
        active_bytes,
        time_travel_bytes,
        failsafe_bytes,
        retained_for_clone_bytes
    from {{ source('account_usage', 'table_storage_metrics') }}
    where
        lower(table_catalog) = lower({{ text_literal(target.database) }})
        and active_bytes + time_travel_bytes + failsafe_bytes + retained_for_clone_bytes > 0

),

clients as (

    select * from {{ ref('clients') }}

),

final as (

    select
        clients.client_schema,
        clients.client,
        clients.platform,
        clients.year,
        count(tables.client_schema) as stored_tables,
        coalesce(sum(tables.active_bytes), 0) as active_bytes,
        coalesce(sum(tables.time_travel_bytes), 0) as time_travel_bytes,
        coalesce(sum(tables.failsafe_bytes), 0) as failsafe_bytes,
        coalesce(sum(tables.retained_for_clone_bytes), 0) as retained_for_clone_bytes
    from clients
    left join tables on clients.client_schema = tables.client_schema
    group by clients.client_schema, clients.client, clients.platform, clients.year

)

select * from final
