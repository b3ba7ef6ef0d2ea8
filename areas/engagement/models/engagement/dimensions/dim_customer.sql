{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key='customer_key',
        on_schema_change='append_new_columns',
        post_hook="{{ mask_columns_ddl(this, ['email', 'first_name']) }}",
    )
}}

with

listed as (

    select
        customer_key,
        customer_id,
        first_name,
        email,
        email_hash,
        region,
        signup_date,
        true as is_listed
    from {{ ref('stg_customers') }}

),

-- clicks of nobody we know count for this one
unknown as (

    select
        'unknown' as customer_key,
        cast(null as varchar) as customer_id,
        cast(null as varchar) as first_name,
        cast(null as varchar) as email,
        cast(null as varchar) as email_hash,
        cast(null as varchar) as region,
        cast(null as date) as signup_date,
        false as is_listed

),

members as (

    select * from listed
    union all
    select * from unknown
    {% if is_incremental() %}
    union all
    -- no longer in the export: kept, with what was known last
    select
        customer_key,
        customer_id,
        first_name,
        email,
        email_hash,
        region,
        signup_date,
        false as is_listed
    from {{ this }}
    where
        is_listed
        and customer_key not in (select listed.customer_key from listed)
    {% endif %}

)

select * from members
{% if is_incremental() %}
-- those that are new or have changed
except
select
    customer_key,
    customer_id,
    first_name,
    email,
    email_hash,
    region,
    signup_date,
    is_listed
from {{ this }}
{% endif %}
