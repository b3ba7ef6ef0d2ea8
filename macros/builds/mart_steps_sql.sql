{# How far each client's log is in a mart, or was when a client was last built.
   Arguments: steps (relation, or name): the mart processing_steps.
   Returns: a select statement (text) of one column, in order: client and time, of clients that have any step.
   Example: {% set steps = run_query(mart_steps_sql('marts.processing_steps')).columns[0].values() | list %} #}
{% macro mart_steps_sql(steps) %}
select client_schema || ' ' || {{ timestamp_text(last_step_sql()) }} as step
from {{ steps }}
group by client_schema
having {{ last_step_sql() }} is not null
order by client_schema
{% endmacro %}
