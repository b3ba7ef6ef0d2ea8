{{ config(materialized='table') }}

-- what no list has counts for -1
select
    cast(-1 as bigint) as merchant_category_key,
    'Unknown' as merchant_category,
    false as is_necessity
{%- for category in merchant_categories() %}
union all
select
    cast({{ loop.index }} as bigint) as merchant_category_key,
    {{ text_literal(category.name) }} as merchant_category,
    {{ category.necessity | string | lower }} as is_necessity
{%- endfor %}
