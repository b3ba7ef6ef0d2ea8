{# Whether two spans of counted_slots_ctes() are not of one and the same load: what one export gives side by side is never doubled within
   it.
   Arguments: one, other (SQL names of relations with first_load and last_load).
   Returns: a boolean expression (text).
   Example: where {{ spans_of_different_loads('longer', 'shorter') }} #}
{% macro spans_of_different_loads(one, other) -%}
(least({{ one }}.first_load, {{ other }}.first_load) <> greatest({{ one }}.last_load, {{ other }}.last_load))
{%- endmacro %}
