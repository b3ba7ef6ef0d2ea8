{#
  Purpose: the sessions that events which came, changed or vanished since the last build may belong to: those of the same visitor that are no
    further than a session's silence from the first or the last of them.
  Arguments: sessions, facts, changes (relations: fact_sessions, fact_click_events, click_event_changes).
  Returns: a select statement (text): session_id, visitor_id, session_start, session_end.
  Example: with affected as ({{ sessions_to_replace(this, ref('fact_click_events'), ref('click_event_changes')) }})
#}
{% macro sessions_to_replace(sessions, facts, changes) %}
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
        from (
            select visitor_id, event_time
            from {{ facts }}
            where changed_by > {{ latest_ingestion(sessions, 'changed_by') }}
            union all
            select visitor_id, event_time
            from {{ changes }}
            where changed_by > {{ latest_ingestion(sessions, 'changed_by') }}
        ) as touched
        where visitor_id is not null
        group by visitor_id
    ) as spans
        on
            sessions.visitor_id = spans.visitor_id
            and sessions.session_start <= {{ add_minutes('spans.last_time', session_minutes()) }}
            and sessions.session_end >= {{ add_minutes('spans.first_time', '-' ~ session_minutes()) }}
{% endmacro %}
