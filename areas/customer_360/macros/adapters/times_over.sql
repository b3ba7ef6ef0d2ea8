{# Each row of a relation one, two or three times.
   Arguments: relation (relation), columns (list of names), times (SQL expression over them: 1 to 3), counter (name of the column that
     counts the copies from 0).
   Returns: a select statement (text): the columns, and the counter.
   Example: {{ times_over('active_days', ['customer_id', 'draw'], 'purchases', 'place') }} #}
{% macro times_over(relation, columns, times, counter) %}{{ adapter.dispatch('times_over', 'spark9')(relation, columns, times, counter) }}{% endmacro %}

{#- without a join, which DuckDB would run on one core -#}
{% macro duckdb__times_over(relation, columns, times, counter) %}
    select
        {{ columns | join(', ') }},
        unnest(case {{ times }} when 3 then [0, 1, 2] when 2 then [0, 1] else [0] end) as {{ counter }}
    from {{ relation }}
{% endmacro %}

{% macro snowflake__times_over(relation, columns, times, counter) %}
    select
        {{ columns | join(', ') }},
        copies.place as {{ counter }}
    from {{ relation }}
    inner join (select 0 as place union all select 1 union all select 2) as copies on copies.place < {{ times }}
{% endmacro %}
