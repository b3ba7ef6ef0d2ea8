{# The statements that resume or suspend tasks of the schema native.
   Arguments: tasks (list of names, in the order in which it is to be done), action ('resume' or 'suspend').
   Returns: statements (text), each ended by a semicolon.
   Example: {{ task_statements(native_tasks(), 'resume') }} #}
{% macro task_statements(tasks, action) %}
{%- for task in tasks %}
alter task if exists {{ native_schema() }}.{{ task }} {{ action }};
{%- endfor %}
{% endmacro %}
