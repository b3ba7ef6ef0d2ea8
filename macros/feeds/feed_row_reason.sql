{#
  Purpose: why a row of a feed is no row of its table: it has no form that can be read, a field that must be there is empty, or
    a time that must be there does not parse.
  Arguments: feed (mapping, see raw_feed_columns); the select around it has the feed's fields and shape_problem.
  Returns: a text expression (text); null for a row that is good.
  Example: select *, {{ feed_row_reason(feed) }} as reason from cells
#}
{% macro feed_row_reason(feed) -%}
  case
    when shape_problem is not null then shape_problem
    {%- for field in feed.fields if field.required %}
    {#- what begins behind a blank in the alphabet need not be trimmed to be seen #}
    when {{ field.name }} is null or ({{ field.name }} < '!' and trim({{ field.name }}) = '') then {{ text_literal(field.name ~ ' is empty') }}
    {%- if field.type == 'timestamp' %}
    when {{ parse_event_time(field.name) }} is null then {{ text_literal(field.name ~ ' is no time that can be read') }}
    {%- endif %}
    {%- endfor %}
  end
{%- endmacro %}
