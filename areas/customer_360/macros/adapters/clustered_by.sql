{# What a table's definition says so that rows lie together by some `columns` (list); nothing where the warehouse has no such thing. #}
{% macro clustered_by(columns) %}{{ adapter.dispatch('clustered_by', 'spark9')(columns) }}{% endmacro %}
{% macro duckdb__clustered_by(columns) %}{% endmacro %}
{% macro snowflake__clustered_by(columns) %} cluster by ({{ columns | join(', ') }}){% endmacro %}
