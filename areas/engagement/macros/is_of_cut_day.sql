{# Whether a day is one whose sessions may have been cut again since a table was built from them: of the touched events, and all from the
   first to the last day of each session that such an event is in or near to, as these stand now. An earlier session that is gone began on
   one of these: its first event is in a session of now, or was touched itself.
   Arguments: column (SQL date expression), sessions, facts, changes (relations: see sessions_to_replace), built (relation with changed_by:
     the table).
   Returns: a condition (text) of literals that are asked for beforehand, see is_of_touched_day.
   Example: where {{ is_of_cut_day('session_date', ref('fact_sessions'), ref('fact_click_events'), ref('click_event_changes'), this) }} #}
{% macro is_of_cut_day(column, sessions, facts, changes, built) -%}
  {%- set found = [] -%}
  {%- if execute -%}
    {%- set asked -%}
      select distinct
        {{ date_text('cast(session_start as date)') }} as first_day,
        {{ date_text('cast(session_end as date)') }} as last_day
      from ({{ sessions_to_replace(sessions, facts, changes, built) }}) as affected
    {%- endset -%}
    {%- for row in run_query(asked).rows -%}{%- do found.append([row[0] | string, row[1] | string]) -%}{%- endfor -%}
  {%- endif -%}
  (
    {{ is_of_touched_day(column, facts, changes, built) }}
    {%- for first, last in found | sort %}
    or {{ column }} between cast({{ text_literal(first) }} as date) and cast({{ text_literal(last) }} as date)
    {%- endfor %}
  )
{%- endmacro %}
