{#
  Claim: an event that was sent more than once was told alike each time.
  Guards: figures that depend on which telling counts (the one of the later time).
  Arguments: model (stg_click_events).
  Shows: the events, with the telling that counts.
#}
{% test events_are_told_alike(model) %}
select
    event_id,
    event_time,
    file_name,
    line_number
from {{ model }}
where is_told_differently
{% endtest %}
