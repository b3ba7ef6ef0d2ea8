{# Stop a run with --empty or --sample where the target owns the raw rows: its marts would have a part of them.
   Returns: nothing to run; raises an error that says how to do it.
   Example: on-run-start: ["{{ assert_marts_stay_whole() }}"] #}
{% macro assert_marts_stay_whole() %}
  {%- if execute and flags.WHICH in ('run', 'build', 'snapshot') and is_partial_run() and owns_raw_rows() -%}
    {%- do exceptions.raise_compiler_error(
      "--empty and --sample would leave the tables of target '" ~ target.name ~ "', which everybody reads, with a part of the rows; nothing was built. "
      ~ "Use schemas of your own, which are built from the same raw rows: SPARK9_SCHEMA_PREFIX=<your name> on DuckDB, --target snowflake_dev on Snowflake."
    ) -%}
  {%- endif -%}
{% endmacro %}
