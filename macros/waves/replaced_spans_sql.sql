{# The step of judged_rows_sql() that finds the longer periods which shorter ones replace: their exports leave no gap between the first and
   the last of its days, or they spent as much.
   Arguments: parts (name of a CTE: campaign, longer_start, longer_end, longer_spent, load_id, amount_spent, group_count): what lies
     within each longer period. summed (name of the same CTE, or of one with those of its rows that hold no others).
   Returns: a select statement (text): campaign, date_start, date_end, by_load.
   Example: {{ replaced_spans_sql('nested', 'innermost') }} #}
{% macro replaced_spans_sql(parts, summed) %}
    select
        parts.campaign,
        parts.longer_start as date_start,
        parts.longer_end as date_end,
        max(parts.load_id) as by_load
    from {{ parts }} as parts
    inner join (
        select campaign, longer_start, longer_end
        from (
            select
                loads.campaign,
                loads.longer_start,
                loads.longer_end,
                extents.first_day,
                extents.last_day,
                max(extents.last_day) over (
                    partition by loads.campaign, loads.longer_start, loads.longer_end
                    order by extents.first_day, extents.last_day, extents.load_id rows between unbounded preceding and 1 preceding
                ) as reached
            from (select distinct campaign, longer_start, longer_end, load_id from {{ parts }}) as loads
            inner join extents on loads.load_id = extents.load_id
        ) as days
        group by campaign, longer_start, longer_end
        having
            min(first_day) <= longer_start
            and max(last_day) >= longer_end
            and max(case when first_day > {{ add_days('reached', 1) }} then 1 else 0 end) = 0
        union
        select campaign, longer_start, longer_end
        from {{ summed }}
        group by campaign, longer_start, longer_end, longer_spent
        having longer_spent > 0 and sum(amount_spent) >= longer_spent - 0.005 * (1 + sum(group_count))
    ) as covered
        on
            parts.campaign = covered.campaign
            and parts.longer_start = covered.longer_start
            and parts.longer_end = covered.longer_end
    group by parts.campaign, parts.longer_start, parts.longer_end
{% endmacro %}
