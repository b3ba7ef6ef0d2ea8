{# In every reporting currency each row of performance_by_day is there once, its spend either converted or named as one
   without a rate.
   Guards: figures in one currency, which would lose or double rows by the join with exchange rates.
   Arguments: model (performance_in_currency), performance (the mart performance_by_day).
   Shows: the reporting currencies that differ, with both numbers of rows and of amounts. #}
{% test amounts_are_all_there(model, performance) %}
with

expected as (

    select
        count(*) as row_count,
        sum(impressions) as impressions,
        count(amount_spent) as amounts
    from {{ performance }}

),

found as (

    select
        reporting_currency,
        count(*) as row_count,
        sum(impressions) as impressions,
        count(amount_spent) + count(amount_spent_without_rate) as amounts
    from {{ model }}
    group by reporting_currency

)

select
    found.reporting_currency,
    found.row_count as rows_found,
    expected.row_count as rows_expected,
    found.amounts as amounts_found,
    expected.amounts as amounts_expected
from found
cross join expected
where
    found.row_count is distinct from expected.row_count
    or found.impressions is distinct from expected.impressions
    or found.amounts is distinct from expected.amounts
{% endtest %}
