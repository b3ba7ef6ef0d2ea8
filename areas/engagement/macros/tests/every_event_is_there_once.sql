{# Each event of the last build is in the fact once, and none that was taken out.
   Guards: the merge. Asked of the events that the build touched: asking all would cost what history costs.
   Arguments: model (fact_click_events), coming (relation: stg_click_events).
   Shows: the events that are missing, doubled or still there. #}
{% test every_event_is_there_once(model, coming) %}
select
    coming.event_id,
    coming.is_taken_out,
    count(facts.event_id) as rows_in_fact
from {{ coming }} as coming
left join {{ model }} as facts on coming.event_id = facts.event_id
group by coming.event_id, coming.is_taken_out
having count(facts.event_id) <> case when coming.is_taken_out then 0 else 1 end
{% endtest %}
