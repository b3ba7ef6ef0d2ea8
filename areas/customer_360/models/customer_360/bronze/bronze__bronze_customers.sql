{{ config(materialized='view') }}

with

source as (

    select * from {{ source('customer_360', 'customers') }}

),

final as (

    select
        {{ try_integer('trim(customer_id)') }} as customer_id,
        nullif(trim(first_name), '') as first_name,
        nullif(trim(last_name), '') as last_name,
        nullif(lower(trim(email)), '') as email,
        {{ try_integer('trim(age)') }} as age,
        nullif(upper(trim(state)), '') as state,
        nullif(trim(city), '') as city,
        nullif(trim(employment_status), '') as employment_status,
        nullif(trim(card_type), '') as card_type,
        cast({{ try_integer('trim(credit_limit)') }} as decimal(12, 2)) as credit_limit,
        {{ try_date_of_form('trim(account_open_date)', '%Y-%m-%d', 'YYYY-MM-DD') }} as account_open_date,
        {{ try_date_of_form('trim(account_closed_date)', '%Y-%m-%d', 'YYYY-MM-DD') }} as account_closed_date,
        nullif(trim(customer_segment), '') as customer_segment,
        nullif(trim(decline_type), '') as decline_type,
        {{ try_date_of_form('trim(exported_on)', '%Y-%m-%d', 'YYYY-MM-DD') }} as exported_on,
        file_name,
        line_number,
        ingestion_id
    from source

)

select * from final
