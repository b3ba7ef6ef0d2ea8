{# Whether dbt was asked for a part of the rows (--empty, --sample): a build then writes nothing besides its own tables.
   Returns: bool.
   Example: {% if not is_partial_run() %}...{% endif %} #}
{% macro is_partial_run() %}
  {% do return((flags.EMPTY or invocation_args_dict.get('sample') or false) and true) %}
{% endmacro %}
