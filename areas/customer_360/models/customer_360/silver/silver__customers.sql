{{
    config(
        materialized='table',
        post_hook="{{ mask_columns_ddl(this, ['first_name', 'last_name', 'email'], 'customer_360') }}",
    )
}}

with

bronze_customers as (

    select * from {{ ref('bronze__bronze_customers') }}

),

-- a customer who stands twice in the files is as the last row says
numbered as (

    select
        *,
        row_number() over (partition by customer_id order by file_name desc, line_number desc) as place
    from bronze_customers

),

final as (

    select
        customer_id,
        first_name,
        last_name,
        email,
        {{ sha256_of("email") }} as email_hash,
        age,
        state,
        city,
        employment_status,
        card_type,
        credit_limit,
        account_open_date,
        account_closed_date,
        customer_segment,
        decline_type,
        exported_on,
        ingestion_id
    from numbered
    where
        place = 1
        and customer_id is not null

)

select * from final
