{#
  Purpose: the Monday of an ISO 8601 week, such as '2026-W36'; null for a week that its year does not have.
  Arguments: expression (SQL text expression that has the pattern of iso_week).
  Returns: a date expression (text). The 4th of January is always in week 1.
  Example: {{ week_start('cell_1') }}
#}
{% macro week_start(expression) -%}
  {%- set year = "left(" ~ expression ~ ", 4)" -%}
  {%- set fourth = "try_cast(" ~ year ~ " || '-01-04' as date)" -%}
  {%- set weeks = "try_cast(right(" ~ expression ~ ", 2) as integer)" -%}
  {%- set monday = "cast(date_trunc('week', " ~ fourth ~ ") as date) + 7 * (" ~ weeks ~ " - 1)" -%}
  case when {{ weeks }} > 0 and cast(extract(year from {{ monday }} + 3) as integer) = cast({{ year }} as integer) then {{ monday }} end
{%- endmacro %}
