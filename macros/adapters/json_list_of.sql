{#
  Purpose: aggregate texts to one JSON list, in alphabetical order, without nulls.
  Arguments: expression (SQL text expression).
  Returns: an aggregate expression (text) of type_json(); an empty group gives an empty list.
  Example: {{ json_list_of('target_column') }} as new_columns
#}
{% macro json_list_of(expression) %}{{ adapter.dispatch('json_list_of', 'spark9')(expression) }}{% endmacro %}

{% macro default__json_list_of(expression) %}{{ unsupported_adapter('json_list_of') }}{% endmacro %}

{% macro duckdb__json_list_of(expression) -%}
  coalesce(to_json(list({{ expression }} order by {{ expression }}) filter ({{ expression }} is not null)), cast('[]' as json))
{%- endmacro %}

{% macro snowflake__json_list_of(expression) -%}
  cast(array_agg({{ expression }}) within group (order by {{ expression }}) as variant)
{%- endmacro %}
