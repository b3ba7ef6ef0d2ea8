{# From one whole month to the next the spend of a day changes by no more than bounds.
   Guards: months that are half there, or there twice.
   Arguments: model (raw transactions), bounds (list: least and most change, -0.3 for 30 percent less).
   Shows: the months that leap. #}
{% test months_follow_each_other(model, bounds) %}
with

months as (

    select
        {{ month_of('transaction_date') }} as month_start,
        sum(transaction_amount) / count(distinct transaction_date) as spend_a_day,
        count(distinct transaction_date) as days
    from {{ model }}
    group by {{ month_of('transaction_date') }}

),

compared as (

    select
        month_start,
        spend_a_day,
        lag(spend_a_day) over (order by month_start) as spend_a_day_before
    from months
    where days >= 28

)

select * from compared
where
    spend_a_day < (1 + {{ bounds[0] }}) * spend_a_day_before
    or spend_a_day > (1 + {{ bounds[1] }}) * spend_a_day_before
{% endtest %}
