{#
  Purpose: the table in which a feed's files land on their way to the raw table, where the warehouse has one.
  Arguments: feed (mapping: see raw_feed_columns).
  Returns: list of [table, column], empty where files are read in place.
  Example: {{ landed_columns(feed) | length }}
#}
{% macro landed_columns(feed) %}{% do return(adapter.dispatch('landed_columns', 'spark9')(feed)) %}{% endmacro %}

{% macro default__landed_columns(feed) %}{{ unsupported_adapter('landed_columns') }}{% endmacro %}

{% macro duckdb__landed_columns(feed) %}{% do return([]) %}{% endmacro %}

{% macro snowflake__landed_columns(feed) %}{% do return([['landed_' ~ feed.table, 'content']]) %}{% endmacro %}
