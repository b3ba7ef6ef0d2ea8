{#
  Purpose: aggregate texts to one text, in alphabetical order, separated by commas.
  Arguments: expression (SQL text expression).
  Returns: an aggregate expression (text).
  Example: {{ text_list_of('load_id') }} as loads
#}
{% macro text_list_of(expression) %}{{ adapter.dispatch('text_list_of', 'spark9')(expression) }}{% endmacro %}

{% macro default__text_list_of(expression) %}{{ unsupported_adapter('text_list_of') }}{% endmacro %}

{% macro duckdb__text_list_of(expression) %}string_agg({{ expression }}, ',' order by {{ expression }}){% endmacro %}

{% macro snowflake__text_list_of(expression) %}listagg({{ expression }}, ',') within group (order by {{ expression }}){% endmacro %}
