{# There are as many transactions as so many customers make in so many months, within bounds.
   Guards: batches that are missing or stand twice.
   Arguments: model (raw transactions), customers (relation), a_month (list: least and most transactions of a customer
     in a month).
   Shows: the counts, where they are outside. #}
{% test rows_are_as_many_as_expected(model, customers, a_month) %}
with

counted as (

    select
        count(*) as transactions,
        {{ dbt.datediff('min(transaction_date)', 'max(transaction_date)', 'day') }} / 30.4 as months,
        (select count(*) from {{ customers }}) as customers
    from {{ model }}

)

select * from counted
where
    transactions = 0
    or transactions < {{ a_month[0] }} * customers * months
    or transactions > {{ a_month[1] }} * customers * greatest(months, 1)
{% endtest %}
