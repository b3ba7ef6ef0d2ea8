{# The visitors and times of events that came, changed or vanished since a table was built from them.
   Arguments: facts, changes (relations: fact_click_events, click_event_changes), built (relation with changed_by: the table).
   Returns: a select statement (text): visitor_id, event_time.
   Example: select max(event_time) from ({{ touched_events_sql(ref('fact_click_events'), ref('click_event_changes'), this) }}) as touched #}
{% macro touched_events_sql(facts, changes, built) %}
    {%- set latest = latest_ingestion(built, 'changed_by') | trim %}
    select visitor_id, event_time
    from {{ facts }}
    where changed_by > {{ latest }} and visitor_id is not null
    union all
    select visitor_id, event_time
    from {{ changes }}
    where changed_by > {{ latest }} and visitor_id is not null
{% endmacro %}
