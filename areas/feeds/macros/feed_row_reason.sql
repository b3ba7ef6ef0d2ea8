{# Why a row of a feed is rejected: it can't be read, a required field is empty, or a required time can't be read or is impossible (before
   the first day of the area's calendar, or more than a day after the row was ingested).
   Arguments: feed (mapping, see raw_feed_columns), ingested_at (SQL timestamp expression); the select around it has the feed's fields and
     shape_problem.
   Returns: a text expression (text); null for a good row.
   Example: select *, {{ feed_row_reason(feed, 'ingested_at') }} as reason from cells #}
{% macro feed_row_reason(feed, ingested_at) -%}
  {%- set first_day = var(feed.name.split('.')[0], {}).get('first_day', '1970-01-01') -%}
  case
    when shape_problem is not null then shape_problem
    {%- for field in feed.fields if field.required %}
    {#- what begins behind a blank in the alphabet need not be trimmed to be seen #}
    when {{ field.name }} is null or ({{ field.name }} < '!' and trim({{ field.name }}) = '') then {{ text_literal(field.name ~ ' is empty') }}
    {%- if field.type == 'timestamp' %}
    when not coalesce({{ parse_event_time(field.name) }} between timestamp '{{ first_day }}' and {{ add_minutes(ingested_at, 1440) }}, false)
      then case
        when {{ parse_event_time(field.name) }} is null then {{ text_literal(field.name ~ ' is no time that can be read') }}
        when {{ parse_event_time(field.name) }} < timestamp '{{ first_day }}' then {{ text_literal(field.name ~ ' is before ' ~ first_day ~ ', where the calendar begins') }}
        else {{ text_literal(field.name ~ ' is more than a day in the future') }}
      end
    {%- endif %}
    {%- endfor %}
  end
{%- endmacro %}
