{# Whether dbt does less than build all rows (--empty, --sample, clone): its hooks then change nothing.
   Returns: bool.
   Example: {% if not is_partial_run() %}...{% endif %} #}
{% macro is_partial_run() %}
  {% do return(flags.WHICH == 'clone' or flags.EMPTY or invocation_args_dict.get('sample') is not none) %}
{% endmacro %}
