{# The share of rows with a value lies within bounds, and every row has one of the known values.
   Guards: feeds whose meaning changed.
   Arguments: model (any table), column (name), value (text), others (list of texts), bounds (list: least and most, 0 to
     1).
   Shows: each value with its share, where it is unknown or outside. #}
{% test share_is_between(model, column, value, others, bounds) %}
with

counted as (

    select
        {{ column }} as found,
        count(*) as row_count
    from {{ model }}
    group by {{ column }}

),

shares as (

    select
        found,
        row_count,
        cast(row_count as double) / sum(row_count) over () as share
    from counted

)

select * from shares
where
    found is null
    or found not in ({{ text_literal(value) }}{% for other in others %}, {{ text_literal(other) }}{% endfor %})
    or (found = {{ text_literal(value) }} and (share < {{ bounds[0] }} or share > {{ bounds[1] }}))
union all
select
    {{ text_literal(value) }} as found,
    0 as row_count,
    cast(0 as double) as share
where not exists (select 1 from shares where found = {{ text_literal(value) }})
{% endtest %}
