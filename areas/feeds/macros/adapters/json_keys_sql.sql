{#
  Purpose: the names that stand in the JSON objects of a column.
  Arguments: relation (text: a table, or a select in brackets), column (string, of type_json()).
  Returns: a select statement (text): field_name, each once.
  Example: {{ json_keys_sql('engagement_raw.raw_clickstream_events', 'other_fields') }}
#}
{% macro json_keys_sql(relation, column) %}{{ adapter.dispatch('json_keys_sql', 'spark9')(relation, column) }}{% endmacro %}

{% macro default__json_keys_sql(relation, column) %}{{ unsupported_adapter('json_keys_sql') }}{% endmacro %}

{% macro duckdb__json_keys_sql(relation, column) %}select distinct unnest(json_keys({{ column }})) as field_name from {{ relation }} as objects{% endmacro %}

{% macro snowflake__json_keys_sql(relation, column) %}select distinct keys.value::varchar as field_name from {{ relation }} as objects, lateral flatten(input => object_keys(as_object(objects.{{ column }}))) as keys{% endmacro %}
