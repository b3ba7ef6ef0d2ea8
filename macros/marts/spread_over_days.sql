{# The part of a total that falls on one of its days when it is spread evenly: what the days up to this one have, less what the days before
   it have, each rounded. So the days add up to the total, to the last place.
   Arguments: total, place (0 for the first day), days (SQL expressions), scale (integer): decimal places of a part.
   Returns: a decimal expression (text).
   Example: {{ spread_over_days('amount_spent', 'number', 'days', 6) }} #}
{% macro spread_over_days(total, place, days, scale) -%}
{%- set until -%}
cast(round(cast({{ total }} as double) * ({{ place }} + 1) / {{ days }}, {{ scale | int }}) as decimal(38, {{ scale | int }}))
{%- endset -%}
{%- set before -%}
cast(round(cast({{ total }} as double) * {{ place }} / {{ days }}, {{ scale | int }}) as decimal(38, {{ scale | int }}))
{%- endset -%}
{{ until }} - {{ before }}
{%- endmacro %}
