{#
  Purpose: a list of those text expressions that are not null, in their order.
  Arguments: expressions (list of SQL text expressions; may be empty).
  Returns: an expression (text) of the warehouse's own list type; list_to_json() makes it a value to store.
  Example: {{ text_list(["case when clicks > impressions then 'clicks exceed impressions' end"]) }}
#}
{% macro text_list(expressions) %}{{ adapter.dispatch('text_list', 'spark9')(expressions) }}{% endmacro %}

{% macro default__text_list(expressions) %}{{ unsupported_adapter('text_list') }}{% endmacro %}

{% macro duckdb__text_list(expressions) -%}
  {%- if expressions -%}
  list_filter([{{ expressions | join(', ') }}], lambda entry: entry is not null)
  {%- else -%}
  cast([] as varchar[])
  {%- endif -%}
{%- endmacro %}

{% macro snowflake__text_list(expressions) %}array_construct_compact({{ expressions | join(', ') }}){% endmacro %}
