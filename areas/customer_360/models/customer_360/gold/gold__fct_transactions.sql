{#- Taken in by batch and not by day, so that late transactions arrive; of two batches with one transaction, the later
    one counts. -#}
{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key='transaction_id',
        on_schema_change='append_new_columns',
        cluster_by=['transaction_date'],
        post_hook="{{ bind_to_versions(this) }}",
    )
}}

{%- set source_rows = source('customer_360', 'transactions') %}
-- depends_on: {{ source_rows }}
with

coming as (

    select * from {{ ref('silver__transactions') }}
    {% if is_incremental() %}
    where {{ is_of_new_batch('batch_id', source_rows, this) }}
    {% endif %}

),

customers as (

    select
        customer_key,
        customer_id,
        valid_from,
        valid_to
    from {{ ref('gold__dim_customer') }}
    where customer_id is not null

),

categories as (

    select
        merchant_category_key,
        merchant_category
    from {{ ref('gold__dim_merchant_category') }}

),

latest as (
    {% if is_incremental() %}
    select numbered.*
    from (
        select
            *,
            row_number() over (partition by transaction_id order by batch_id desc) as place
        from coming
    ) as numbered
    left join {{ this }} as standing on numbered.transaction_id = standing.transaction_id
    where
        numbered.place = 1
        and (standing.transaction_id is null or standing.batch_id < numbered.batch_id)
    {% elif has_double_transactions(ref('silver__transactions')) %}
    select numbered.*
    from (
        select
            *,
            row_number() over (partition by transaction_id order by batch_id desc) as place
        from coming
    ) as numbered
    where numbered.place = 1
    {% else %}
    select * from coming
    {% endif %}
),

final as (

    {{ transaction_facts('latest', 'customers', 'categories', next_change(this if is_incremental() else none)) }}

)

select * from final
