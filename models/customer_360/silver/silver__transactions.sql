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
        trim(merchant_name) as merchant_name,
        trim(merchant_category) as merchant_category,
        {{ channel_word('channel') }} as channel,
        lower(trim(status)) as status,
        batch_id
    from source

)

select * from final
