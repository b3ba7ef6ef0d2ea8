{# The names of the tasks of native_tasks_ddl(), those that come after others first.
   Returns: list of names.
   Example: {% for task in native_tasks() %}alter task {{ task }} resume;{% endfor %} #}
{% macro native_tasks() %}
  {% do return(['build_new_rows', 'note_new_rows']) %}
{% endmacro %}
