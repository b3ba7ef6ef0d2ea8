{# The mart's sessions add up to all sessions.
   Guards: what the agency says its campaigns brought, which a join would lose or double.
   Arguments: model (with sessions), sessions (relation: fact_sessions).
   Shows: both sums. #}
{% test mart_has_every_session(model, sessions) %}
select *
from (select coalesce(sum(sessions), 0) as sessions_of_mart from {{ model }}) as of_mart
cross join (select count(*) as all_sessions from {{ sessions }}) as of_fact
where sessions_of_mart <> all_sessions
{% endtest %}
