{# The key of a dimension's member: a hash of the names that make it, so that facts need not ask the dimension for it.
   Arguments: expressions (list of SQL text expressions).
   Returns: a text expression (text); null where one of them is null.
   Example: {{ hashed_key(['customer_id']) }} as customer_key #}
{% macro hashed_key(expressions) %}md5({{ expressions | join(" || '|' || ") }}){% endmacro %}
