{# The days have as many events as the fact.
   Guards: days that were not counted again.
   Arguments: model (page_days), events (relation: fact_click_events).
   Shows: both sums. #}
{% test days_agree_with_events(model, events) %}
select *
from (select coalesce(sum(events), 0) as events_of_days from {{ model }}) as of_days
cross join (select count(*) as events_of_fact from {{ events }}) as of_fact
where events_of_days <> events_of_fact
{% endtest %}
