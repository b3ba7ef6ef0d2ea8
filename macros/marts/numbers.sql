{# The whole numbers from 0 on.
   Arguments: count (integer, or a SQL expression for one: how many), places (integer: for an expression, how many digits it has at most).
   Returns: a select statement (text) with one column, number.
   Example: select number from ({{ numbers(31) }}) as counted #}
{% macro numbers(count, places=7) -%}
{%- if count is number -%}{%- set places = (count - 1) | string | length if count > 1 else 1 -%}{%- endif -%}
select {% for place in range(places) %}{{ "10" ~ "0" * (place - 1) ~ " * " if place }}digits_{{ place }}.digit{{ " + " if not loop.last }}{% endfor %} as number
from {% for place in range(places) -%}
({% for digit in range(10) %}select {{ digit }} as digit{{ " union all " if not loop.last }}{% endfor %}) as digits_{{ place }}{{ " cross join " if not loop.last }}
{%- endfor %}
where {% for place in range(places) %}{{ "10" ~ "0" * (place - 1) ~ " * " if place }}digits_{{ place }}.digit{{ " + " if not loop.last }}{% endfor %} < {{ count }}
{%- endmacro %}
