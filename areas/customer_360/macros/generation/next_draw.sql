{# Another drawn number from a drawn one: Lehmer's generator with the multiplier 48271 of Park and Miller (minimal standard, 1993), some
   steps further on.
   Arguments: expression (SQL integer expression from 0 to 2147483646), steps (integer: how many steps further on; 1 where it is not given).
   Returns: an integer expression (text), from 0 to 2147483646.
   Example: {{ next_draw('draw', 3) }} % 100 #}
{% macro next_draw(expression, steps=1) -%}
{%- set at = namespace(multiplier=1) -%}
{%- for _ in range(steps) -%}{%- set at.multiplier = at.multiplier * 48271 % 2147483647 -%}{%- endfor -%}
({{ expression }} * {{ at.multiplier }} % 2147483647)
{%- endmacro %}
