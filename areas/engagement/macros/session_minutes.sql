{# How many minutes of silence end a session (dbt var engagement).
   Returns: a number (text).
   Example: {{ add_minutes('session_end', session_minutes()) }} #}
{% macro session_minutes() %}{{ var('engagement').session_minutes | int }}{% endmacro %}
