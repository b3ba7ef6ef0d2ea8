{# The statements that resume or suspend tasks.
   Arguments: schema_name (string, with the database's name), tasks (list of names in it, in the order in which it is to be done), action
     ('resume' or 'suspend').
   Returns: statements (text), each ended by a semicolon.
   Example: {{ task_statements(native_schema(), native_tasks(), 'resume') }} #}
{% macro task_statements(schema_name, tasks, action) %}
{%- for task in tasks %}
alter task if exists {{ schema_name }}.{{ task }} {{ action }};
{%- endfor %}
{% endmacro %}
