{# Between two sessions of a visitor there is a longer silence than a session has.
   Guards: late events that should have joined two sessions. Asked of visitors whom the last ingestion touched.
   Arguments: model (fact_sessions).
   Shows: the sessions that are too near to the one before. #}
{% test sessions_do_not_meet(model) %}
select
    session_id,
    visitor_id,
    session_start,
    end_before
from (
    select
        session_id,
        visitor_id,
        session_start,
        lag(session_end) over (partition by visitor_id order by session_start) as end_before
    from {{ model }}
    where
        visitor_id in (
            select touched.visitor_id
            from {{ model }} as touched
            where touched.changed_by = (select max(latest.changed_by) from {{ model }} as latest)
        )
        and session_end >= (
            select {{ add_minutes('min(touched.session_start)', '-' ~ session_minutes()) }}
            from {{ model }} as touched
            where touched.changed_by = (select max(latest.changed_by) from {{ model }} as latest)
        )
) as in_order
where session_start <= {{ add_minutes('end_before', session_minutes()) }}
{% endtest %}
