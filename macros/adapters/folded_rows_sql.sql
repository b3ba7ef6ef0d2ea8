{# Go through the rows of each group in order with a state that each row changes, as a recursion would: Snowflake ends a recursion after 100
   rows (error 100189), a fold after none (https://docs.snowflake.com/en/sql-reference/functions/reduce).
   Arguments: relation (text), group (column), value (column, a whole number), place (column: 1, 2, 3, ... within its group), first (whole
     number: the state before the first row), step (text: a whole number made of `{state}` and `{value}`, the state after the row).
   Returns: a select statement (text): group, place and state, which is the state after that row.
   Example: {{ folded_rows_sql('days', 'campaign', 'spend', 'place', 0, '{state} + {value}') }} #}
{% macro folded_rows_sql(relation, group, value, place, first, step) %}{{ adapter.dispatch('folded_rows_sql', 'spark9')(relation, group, value, place, first, step) }}{% endmacro %}

{#- the states are put before each other, so the last row's is the first of the list -#}
{% macro duckdb__folded_rows_sql(relation, group, value, place, first, step) %}
select {{ group }}, {{ place }}, states[len(states) - {{ place }}] as state
from (
    select {{ group }}, states, unnest(range(1, len(states))) as {{ place }}
    from (
        select
            {{ group }},
            list_reduce(
                list([cast({{ value }} as bigint)] order by {{ place }}),
                lambda states, one: list_prepend({{ step | replace('{state}', 'states[1]') | replace('{value}', 'one[1]') }}, states),
                [cast({{ first }} as bigint)]
            ) as states
        from {{ relation }}
        group by {{ group }}
    ) as folded
) as unfolded
{% endmacro %}

{% macro snowflake__folded_rows_sql(relation, group, value, place, first, step) %}
select folded.{{ group }}, array_size(folded.states) - 1 - unfolded.index as {{ place }}, unfolded.value::bigint as state
from (
    select
        {{ group }},
        reduce(
            array_agg({{ value }}) within group (order by {{ place }}),
            array_construct({{ first }}),
            (states, one) -> array_prepend(states, {{ step | replace('{state}', 'states[0]::bigint') | replace('{value}', 'one::bigint') }})
        ) as states
    from {{ relation }}
    group by {{ group }}
) as folded,
    lateral flatten(input => folded.states) as unfolded
where unfolded.index < array_size(folded.states) - 1
{% endmacro %}
