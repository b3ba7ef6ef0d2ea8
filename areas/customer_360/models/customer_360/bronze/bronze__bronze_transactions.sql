{{ config(materialized='view') }}

with

source as (

    select * from {{ source('customer_360', 'transactions') }}

),

final as (

    select
        transaction_id,
        customer_id,
        transaction_date,
        transaction_amount,
        merchant_name,
        merchant_category,
        channel,
        status,
        batch_id
    from source

)

select * from final
