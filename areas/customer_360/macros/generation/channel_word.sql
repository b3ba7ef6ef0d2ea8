{# A channel by the word that the area has for it.
   Arguments: expression (SQL text expression).
   Returns: a text expression.
   Example: {{ channel_word('channel') }} as channel #}
{% macro channel_word(expression) -%}
case lower(trim({{ expression }})) when 'online' then 'Online' when 'in-store' then 'In-Store' when 'in store' then 'In-Store' when 'mobile' then 'Mobile' else trim({{ expression }}) end
{%- endmacro %}
