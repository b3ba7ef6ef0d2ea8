{# The Monday of an ISO 8601 week, such as '2026-W36' or 'W36 2026'; null for a week that its year does not have.
   Arguments: expression (SQL text expression that has the pattern of iso_week).
   Returns: a date expression (text). The 4th of January is always in week 1.
   Example: {{ week_start('cell_1') }} #}
{% macro week_start(expression) -%}
  {%- set year = text_part(expression, '([0-9]{4})') -%}
  {%- set first_monday = monday_of(iso_date(year ~ " || '-01-04'")) -%}
  {%- set weeks = "try_cast(" ~ text_part(expression, 'W([0-9]{2})') ~ " as integer)" -%}
  {%- set monday = add_days(first_monday, '7 * (' ~ weeks ~ ' - 1)') -%}
  case when {{ weeks }} > 0 and extract(year from {{ add_days('(' ~ monday ~ ')', 3) }}) = try_cast({{ year }} as integer) then {{ monday }} end
{%- endmacro %}
