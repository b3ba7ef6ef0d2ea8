{# The sessions that events which came, changed or vanished since a table was built may belong to: those of the same visitor that are no
   further than a session's silence from the first or the last of them.
   Arguments: sessions, facts, changes (relations: fact_sessions, fact_click_events, click_event_changes), built (relation with changed_by:
     the table; the sessions themselves where it is not given).
   Returns: a select statement (text): session_id, visitor_id, session_start, session_end.
   Example: with affected as ({{ sessions_to_replace(this, ref('fact_click_events'), ref('click_event_changes')) }}) #}
{% macro sessions_to_replace(sessions, facts, changes, built=none) %}
    {%- set touched = touched_events_sql(facts, changes, built or sessions) %}
    select
        sessions.session_id,
        sessions.visitor_id,
        sessions.session_start,
        sessions.session_end
    from {{ sessions }} as sessions
    inner join (
        select
            visitor_id,
            min(event_time) as first_time,
            max(event_time) as last_time
        from ({{ touched }}) as touched
        group by visitor_id
    ) as spans
        on
            sessions.visitor_id = spans.visitor_id
            and sessions.session_start <= {{ add_minutes('spans.last_time', session_minutes()) }}
            and sessions.session_end >= {{ add_minutes('spans.first_time', '-' ~ session_minutes()) }}
    where {{ is_near_touched_events('sessions', touched) }}
{% endmacro %}
