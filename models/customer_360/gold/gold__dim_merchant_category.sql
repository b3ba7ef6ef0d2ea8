{{ config(materialized='table') }}

with

known as (
    {% for category in merchant_categories() %}
    select
        cast({{ loop.index }} as bigint) as merchant_category_key,
        {{ text_literal(category.name) }} as merchant_category,
        {{ category.necessity | string | lower }} as is_necessity
    {{ "union all" if not loop.last }}
    {%- endfor %}

),

-- what no list has counts for this one
unknown as (

    select
        cast(-1 as bigint) as merchant_category_key,
        'Unknown' as merchant_category,
        false as is_necessity

),

final as (

    select * from known
    union all
    select * from unknown

)

select * from final
