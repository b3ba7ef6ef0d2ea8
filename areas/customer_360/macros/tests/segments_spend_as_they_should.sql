{# The customers of each segment, as they were generated, spend as spending_segments() says: travelers travel and spend
   the most a purchase, the budget-conscious the least; nobody's purchases of a day are out of proportion.
   Guards: segments that were mixed up, and habits that were applied to the wrong customers.
   Arguments: model (raw transactions), customers (relation with customer_id and customer_segment).
   Shows: each claim that does not hold, with the two figures. #}
{% test segments_spend_as_they_should(model, customers) %}
with

measured as (

    select
        customers.customer_segment,
        avg(cast(transactions.transaction_amount as double)) as average_amount,
        avg(case when transactions.merchant_category = 'Travel' then 1.0 else 0.0 end) as travel_share,
        cast(count(*) as double) / count(distinct transactions.customer_id) as purchases
    from {{ model }} as transactions
    inner join {{ customers }} as customers on transactions.customer_id = customers.customer_id
    group by customers.customer_segment

),

compared as (
    {% for measure, higher, lower, times in [
        ('average_amount', 'High-Value Travelers', 'Stable Mid-Spenders', 1.5),
        ('average_amount', 'Stable Mid-Spenders', 'Budget-Conscious', 1.3),
        ('travel_share', 'High-Value Travelers', 'Stable Mid-Spenders', 2.0),
        ('purchases', 'High-Value Travelers', 'Stable Mid-Spenders', 1.05),
        ('purchases', 'Stable Mid-Spenders', 'Budget-Conscious', 1.2),
        ('purchases', 'Stable Mid-Spenders', 'Declining', 1.05),
    ] %}
    select
        '{{ measure }} of {{ higher }} above {{ times }} times that of {{ lower }}' as claim,
        max(case when customer_segment = '{{ higher }}' then {{ measure }} end) as higher_figure,
        max(case when customer_segment = '{{ lower }}' then {{ measure }} end) as lower_figure,
        {{ times }} as times
    from measured
    {{ "union all" if not loop.last }}
    {%- endfor %}

)

select
    claim,
    higher_figure,
    lower_figure
from compared
where coalesce(higher_figure, 0) < times * coalesce(lower_figure, 0) or higher_figure is null
{% endtest %}
