{# The statements that resume or suspend tasks. The root of a graph, which is resumed last, is suspended first: no other task of it can be
   resumed while it runs.
   Arguments: schema_name (string, with the database's name), tasks (list of names in it, in the order in which it is to be done), action
     ('resume' or 'suspend').
   Returns: statements (text), each ended by a semicolon.
   Example: {{ task_statements(native_schema(), native_tasks(), 'resume') }} #}
{% macro task_statements(schema_name, tasks, action) %}
{%- set tasks = tasks | list %}
{%- if action == 'resume' %}
alter task if exists {{ schema_name }}.{{ tasks[-1] }} suspend;
{%- endif %}
{%- for task in tasks %}
alter task if exists {{ schema_name }}.{{ task }} {{ action }};
{%- endfor %}
{% endmacro %}
