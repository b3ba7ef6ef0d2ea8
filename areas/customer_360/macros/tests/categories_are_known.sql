{# Every merchant category is one of merchant_categories(), and each of them occurs.
   Guards: new names for old categories, which would fall out of every figure by category.
   Arguments: model (raw transactions).
   Shows: each unknown or missing category with its rows. #}
{% test categories_are_known(model) %}
with

counted as (

    select
        merchant_category,
        count(*) as row_count
    from {{ model }}
    group by merchant_category

),

known as (
    {% for category in merchant_categories() %}
    select {{ text_literal(category.name) }} as merchant_category
    {{ "union all" if not loop.last }}
    {%- endfor %}

)

select
    coalesce(counted.merchant_category, known.merchant_category) as merchant_category,
    coalesce(counted.row_count, 0) as row_count
from counted
full join known on counted.merchant_category = known.merchant_category
where
    counted.merchant_category is null
    or known.merchant_category is null
{% endtest %}
