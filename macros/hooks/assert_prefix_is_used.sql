{# Stop a run that SPARK9_SCHEMA_PREFIX was to keep apart, on a target whose profile gives it no prefix: it would build what everybody reads.
   Returns: nothing to run; raises an error that says how to do it.
   Example: on-run-start: ["{{ assert_prefix_is_used() }}"] #}
{% macro assert_prefix_is_used() %}
  {%- set prefix = env_var('SPARK9_SCHEMA_PREFIX', 'main') -%}
  {%- if execute and flags.WHICH in ('run', 'build', 'seed', 'snapshot', 'clone') and prefix != 'main' and owns_raw_rows() -%}
    {%- do exceptions.raise_compiler_error(
      "SPARK9_SCHEMA_PREFIX is '" ~ prefix ~ "', but target '" ~ target.name ~ "' takes no prefix from it, so this run would write the tables "
      ~ "that everybody reads; nothing was built. Unset it, or use a target of your own: DBT_USER=<your name> dbt build --target snowflake_dev."
    ) -%}
  {%- endif -%}
{% endmacro %}
