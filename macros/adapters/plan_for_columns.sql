{#
  Purpose: tell the warehouse how many columns the next statement flattens. DuckDB looks for common expressions in a time that
    grows with the square of their number: 87 s of 97 s for 5,000 columns (docs/decisions/0006); Snowflake needs to be told nothing.
  Arguments: count (integer).
  Returns: nothing; runs a statement where the warehouse wants one, and only while dbt executes.
  Example: {% do plan_for_columns(5007) %}
#}
{% macro plan_for_columns(count) %}{{ adapter.dispatch('plan_for_columns', 'spark9')(count) }}{% endmacro %}

{% macro default__plan_for_columns(count) %}{{ unsupported_adapter('plan_for_columns') }}{% endmacro %}

{% macro duckdb__plan_for_columns(count) -%}
  {%- if execute -%}
    {%- do run_query("set disabled_optimizers = '" ~ ('common_subexpressions' if count > 500 else '') ~ "'") -%}
  {%- endif -%}
{%- endmacro %}

{% macro snowflake__plan_for_columns(count) %}{% endmacro %}
