{# Whether a session is no further than a session's silence, and a minute for times that are written shorter than they are, from the first
   or last of all touched events, whoever's they are. The two times are asked for beforehand: by literals a warehouse passes over what it
   keeps of other days, by a subquery it does not.
   Arguments: sessions (string: alias of fact_sessions), touched (text: see touched_events_sql).
   Returns: a condition (text).
   Example: where {{ is_near_touched_events('sessions', touched) }} #}
{% macro is_near_touched_events(sessions, touched) -%}
  {%- set first, last = none, none -%}
  {%- if execute -%}
    {%- set asked -%}
      select
        {{ timestamp_text(add_minutes('min(event_time)', -1 - session_minutes() | int)) }} as first_time,
        {{ timestamp_text(add_minutes('max(event_time)', 1 + session_minutes() | int)) }} as last_time
      from ({{ touched }}) as touched
    {%- endset -%}
    {%- set first, last = run_query(asked).rows[0].values() -%}
  {%- endif -%}
  {%- if first -%}
  {{ sessions }}.session_start <= cast({{ text_literal(last | string) }} as {{ type_timestamp() }})
  and {{ sessions }}.session_end >= cast({{ text_literal(first | string) }} as {{ type_timestamp() }})
  {%- else -%}
  1 = 0
  {%- endif -%}
{%- endmacro %}
