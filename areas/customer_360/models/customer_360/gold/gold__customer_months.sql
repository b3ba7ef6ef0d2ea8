{#- The months that transactions came for are counted again, and no others. -#}
{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='month_start',
        on_schema_change='append_new_columns',
    )
}}

with

transactions as (

    select
        customer_id,
        {{ month_of('transaction_date') }} as month_start,
        transaction_date,
        status,
        transaction_amount,
        changed_by
    from {{ ref('gold__fct_transactions') }}
    {% if is_incremental() %}
    where {{ is_of_changed_day('transaction_date', ref('gold__fct_transactions'), this, whole_months=true) }}
    {% endif %}

),

final as (

    select
        customer_id,
        month_start,
        cast(sum(case when status = 'approved' then 1 else 0 end) as bigint) as approved_transactions,
        cast(sum(case when status = 'approved' then 0 else 1 end) as bigint) as declined_transactions,
        cast(
            sum(case when status = 'approved' then transaction_amount else 0 end) as decimal(18, 2)
        ) as approved_amount,
        max(case when status = 'approved' then transaction_date end) as last_purchase_date,
        max(changed_by) as changed_by
    from transactions
    group by customer_id, month_start

)

select * from final
