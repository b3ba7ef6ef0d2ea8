{# The transactions span the months of the first history and those generated since, one more or less.
   Guards: histories that were cut off (for the usual 18 months: 17 to 19).
   Arguments: model (raw transactions), telemetry (relation: generation_telemetry).
   Shows: the months that there are and should be, where they differ by more than one; and each day inside the span that
     has no transaction. #}
{% test history_is_as_long_as_it_should_be(model, telemetry) %}
with

span as (

    select
        {{ dbt.datediff('min(transaction_date)', 'max(transaction_date)', 'month') }} + 1 as months,
        {{ dbt.datediff('min(transaction_date)', 'max(transaction_date)', 'day') }} + 1 as days,
        count(distinct transaction_date) as days_with_transactions
    from {{ model }}

),

expected as (

    select {{ dbt.datediff('min(history_first_day)', 'max(last_day)', 'month') }} + 1 as months
    from {{ telemetry }}
    where kind = 'customers'

)

select
    span.months,
    expected.months as expected_months,
    span.days - span.days_with_transactions as days_without
from span
cross join expected
where
    span.months is null
    or expected.months is null
    or abs(span.months - expected.months) > 1
    or span.days <> span.days_with_transactions
{% endtest %}
