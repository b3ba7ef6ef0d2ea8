{# A number that looks drawn by chance, and is the same on every warehouse: the fifth power modulo the prime 2^31 - 1, which gives each
   number from 0 to 2147483646 for exactly one other. No product on the way needs more than 62 bits.
   Arguments: expression (SQL integer expression from 0 to 2147483646; it stands five times in what is returned, so hand in a column).
   Returns: an integer expression (text), from 0 to 2147483646.
   Example: {{ scrambled('mixed') }} #}
{% macro scrambled(expression) -%}
{%- set prime = 2147483647 -%}
{%- set square = '(' ~ expression ~ ' * ' ~ expression ~ ' % ' ~ prime ~ ')' -%}
(({{ square }} * {{ square }} % {{ prime }}) * {{ expression }} % {{ prime }})
{%- endmacro %}
