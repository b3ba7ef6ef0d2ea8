{# An event that was sent more than once was sent alike each time.
   Guards: figures that depend on which telling counts (the one of the later time).
   Arguments: model (stg_click_events, or click_event_changes for those of earlier builds), latest_only (bool: of the
     latest change).
   Shows: the events. #}
{% test events_are_told_alike(model, latest_only=false) %}
select
    event_id,
    event_time,
    changed_by
from {{ model }}
where
    is_told_differently
    {%- if latest_only %}
    and changed_by = (select max(latest.changed_by) from {{ model }} as latest)
    {%- endif %}
{% endtest %}
