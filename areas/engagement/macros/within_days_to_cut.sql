{# Whether an event's day is one of those that the sessions of sessions_to_replace() reach over, as two days that are asked for beforehand:
   by literals a warehouse passes over what it keeps of other days, by a subquery it does not.
   Arguments: expression (SQL date expression), sessions, facts, changes (relations: see sessions_to_replace).
   Returns: a condition (text).
   Example: where {{ within_days_to_cut('events.event_date', this, ref('fact_click_events'), ref('click_event_changes')) }} #}
{% macro within_days_to_cut(expression, sessions, facts, changes) -%}
  {%- set first, last = none, none -%}
  {%- if execute -%}
    {%- set asked -%}
      select
        {{ date_text('min(cast(session_start as date))') }} as first_day,
        {{ date_text('max(cast(session_end as date))') }} as last_day
      from ({{ sessions_to_replace(sessions, facts, changes) }}) as affected
    {%- endset -%}
    {%- set first, last = run_query(asked).rows[0].values() -%}
  {%- endif -%}
  {%- if first -%}
  {{ expression }} between cast({{ text_literal(first) }} as date) and cast({{ text_literal(last) }} as date)
  {%- else -%}
  1 = 0
  {%- endif -%}
{%- endmacro %}
