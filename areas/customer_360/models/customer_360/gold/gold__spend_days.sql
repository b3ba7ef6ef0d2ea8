{#- The days that transactions came for are counted again, and no others. -#}
{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='transaction_date',
        on_schema_change='append_new_columns',
    )
}}

with

transactions as (

    select * from {{ ref('gold__fct_transactions') }}
    {% if is_incremental() %}
    where {{ is_of_changed_day('transaction_date', ref('gold__fct_transactions'), this) }}
    {% endif %}

),

final as (

    select
        transaction_date,
        merchant_category_key,
        channel,
        cast(count(*) as bigint) as transactions,
        cast(sum(case when status = 'approved' then 1 else 0 end) as bigint) as approved_transactions,
        cast(
            sum(case when status = 'approved' then transaction_amount else 0 end) as decimal(18, 2)
        ) as approved_amount,
        max(changed_by) as changed_by
    from transactions
    group by transaction_date, merchant_category_key, channel

)

select * from final
