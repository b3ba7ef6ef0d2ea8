{{ config(materialized='table') }}

with

-- of several exports of one day the last counts: the versions of those before it were valid for no time
versions as (

    select * from {{ ref('silver__customer_versions') }}
    where
        dbt_valid_to is null
        or cast(dbt_valid_to as date) > cast(dbt_valid_from as date)

),

numbered as (

    select
        *,
        row_number() over (partition by customer_id order by dbt_valid_from) as version_number
    from versions

),

with_days as (

    select
        *,
        -- before the first export nothing else is known than what it says
        case
            when version_number = 1 then coalesce(account_open_date, cast(dbt_valid_from as date)) else
                cast(dbt_valid_from as date)
        end as valid_from
    from numbered

),

members as (

    select
        customer_id * 1000 + version_number as customer_key,
        customer_id,
        cast(version_number as bigint) as version_number,
        valid_from,
        lead(valid_from) over (partition by customer_id order by version_number) as valid_to,
        email_hash,
        cast(age as bigint) as age,
        state,
        city,
        employment_status,
        card_type,
        credit_limit,
        account_open_date,
        account_closed_date
    from with_days

),

-- transactions of nobody we know, or of a day before the account was there, count for this one
unknown as (

    select
        cast(-1 as bigint) as customer_key,
        cast(null as bigint) as customer_id,
        cast(1 as bigint) as version_number,
        cast('1900-01-01' as date) as valid_from,
        cast(null as date) as valid_to,
        cast(null as varchar) as email_hash,
        cast(null as bigint) as age,
        cast(null as varchar) as state,
        cast(null as varchar) as city,
        cast(null as varchar) as employment_status,
        cast(null as varchar) as card_type,
        cast(null as decimal(12, 2)) as credit_limit,
        cast(null as date) as account_open_date,
        cast(null as date) as account_closed_date

),

final as (

    select
        *,
        valid_to is null as is_current
    from members
    union all
    select
        *,
        true as is_current
    from unknown

)

select * from final
