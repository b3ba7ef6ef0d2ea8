{# Whether a day is one on which events came, changed or vanished since a table was built, as literals that are asked for beforehand: by
   these a warehouse passes over what it keeps of other days.
   Arguments: column (SQL date expression), facts, changes (relations: fact_click_events, click_event_changes), built (relation with
     changed_by: the table).
   Returns: a condition (text).
   Example: where {{ is_of_touched_day('event_date', ref('fact_click_events'), ref('click_event_changes'), this) }} #}
{% macro is_of_touched_day(column, facts, changes, built) -%}
  {%- set days = [] -%}
  {%- if execute -%}
    {%- set latest = latest_ingestion(built, 'changed_by') | trim -%}
    {%- set asked -%}
      select distinct {{ date_text('event_date') }} as day_text from {{ facts }} where changed_by > {{ latest }}
      union
      select distinct {{ date_text('event_date') }} as day_text from {{ changes }} where changed_by > {{ latest }}
    {%- endset -%}
    {%- for row in run_query(asked).rows -%}{%- do days.append(row[0] | string) -%}{%- endfor -%}
  {%- endif -%}
  {%- if days -%}
  {{ column }} in ({% for day in days | sort %}cast({{ text_literal(day) }} as date){{ ", " if not loop.last }}{% endfor %})
  {%- else -%}
  1 = 0
  {%- endif -%}
{%- endmacro %}
