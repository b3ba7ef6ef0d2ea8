with

attributed as (

    select
        coalesce(cast(try_parse_json(query_tag):client_schema as varchar), 'all clients') as client_schema,
        cast(date_trunc('month', start_time) as date) as month_start,
        credits_attributed_compute as credits
    from {{ source('account_usage', 'query_attribution_history') }}
    where cast(try_parse_json(query_tag):app as varchar) = 'spark9'

),

clients as (

    select * from {{ ref('clients') }}

),

final as (

    select
        attributed.client_schema,
        clients.client,
        clients.platform,
        clients.year,
        attributed.month_start,
        count(*) as statements,
        cast(sum(attributed.credits) as decimal(18, 6)) as credits
    from attributed
    left join clients on attributed.client_schema = clients.client_schema
    group by attributed.client_schema, clients.client, clients.platform, clients.year, attributed.month_start

)

select * from final
