{# Stop a run at its start when monitoring is switched on, but elementary is only a placeholder.
   Returns: nothing to run; raises an error that says how to fix it.
   Example: on-run-start: ["{{ assert_monitoring_is_installed() }}"] #}
{% macro assert_monitoring_is_installed() %}
  {%- if execute and env_var('SPARK9_ELEMENTARY', 'false') == 'true' and elementary is not defined -%}
    {%- do exceptions.raise_compiler_error(
      "SPARK9_ELEMENTARY is true, but the package elementary is not installed; nothing was built. "
      ~ "Run `make deps` where the dbt package hub can be reached, or unset SPARK9_ELEMENTARY."
    ) -%}
  {%- endif -%}
{% endmacro %}
