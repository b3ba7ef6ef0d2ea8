{# One of some texts, by a number.
   Arguments: texts (list, none with a semicolon), number (SQL integer expression, not negative).
   Returns: a text expression.
   Example: {{ drawn_text(customer_places().first_names, next_draw('draw', 8)) }} #}
{% macro drawn_text(texts, number) -%}
split_part({{ text_literal(texts | join(';')) }}, ';', cast(({{ number }}) % {{ texts | length }} + 1 as integer))
{%- endmacro %}
