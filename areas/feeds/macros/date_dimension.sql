{# A date dimension: a row for each day of a span, as every area of the project has it.
   Arguments: first_day (string, YYYY-MM-DD), days (integer).
   Returns: a select statement (text): date_day, year, quarter, month, day_of_month, day_of_week (1 is Monday), week_start, is_weekend.
   Example: {{ date_dimension('2020-01-01', 4018) }} #}
{% macro date_dimension(first_day, days) -%}
{%- set first = "cast(" ~ text_literal(first_day) ~ " as date)" -%}
with

days as (

    select {{ add_days(first, 'number') }} as date_day
    from ({{ numbers(days | int) }}) as counted

),

weekdays as (

    select
        date_day,
        -- 1900-01-01 was a Monday
        cast({{ dbt.datediff("cast('1900-01-01' as date)", 'date_day', 'day') }} % 7 + 1 as integer) as day_of_week
    from days

)

select
    date_day,
    cast(extract(year from date_day) as integer) as year,
    cast(extract(quarter from date_day) as integer) as quarter,
    cast(extract(month from date_day) as integer) as month,
    cast(extract(day from date_day) as integer) as day_of_month,
    day_of_week,
    {{ add_days('date_day', '1 - day_of_week') }} as week_start,
    day_of_week >= 6 as is_weekend
from weekdays
{%- endmacro %}
