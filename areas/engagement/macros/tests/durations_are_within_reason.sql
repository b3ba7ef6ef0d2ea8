{# No event took less than no time, or longer than so many hours.
   Guards: engaged_seconds, which one event in microseconds would ruin.
   Arguments: model (stg_click_events), hours (number).
   Shows: the events. #}
{% test durations_are_within_reason(model, hours) %}
select
    event_id,
    duration_ms,
    file_name,
    line_number
from {{ model }}
where
    duration_ms < 0
    or duration_ms > {{ hours }} * 3600000
{% endtest %}
