{{ config(materialized='view') }}

with

source as (

    select * from {{ source('engagement', 'customers') }}

),

-- a customer who stands in several files, or twice in one, is as the last of them says
numbered as (

    select
        *,
        row_number() over (partition by trim(customer_id) order by file_name desc, line_number desc) as place
    from source

),

final as (

    select
        {{ hashed_key(['trim(customer_id)']) }} as customer_key,
        trim(customer_id) as customer_id,
        nullif(trim(first_name), '') as first_name,
        nullif(lower(trim(email)), '') as email,
        {{ sha256_of("nullif(lower(trim(email)), '')") }} as email_hash,
        nullif(trim(region), '') as region,
        {{ try_date_of_form('trim(signup_date)', '%Y-%m-%d', 'YYYY-MM-DD') }} as signup_date,
        signup_date as signup_date_text,
        file_name,
        line_number,
        ingestion_id
    from numbered
    where place = 1

)

select * from final
