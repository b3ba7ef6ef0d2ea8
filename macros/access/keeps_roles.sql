{# Whether the target has roles for each client. DuckDB has no roles at all. A Snowflake target with a prefix is one developer's or one pull
   request's own copy, which its own role owns; there are no client roles in it.
   Returns: true or false.
   Example: {% if keeps_roles() %}grant ...{% endif %} #}
{% macro keeps_roles() %}{% do return(adapter.dispatch('keeps_roles', 'spark9')()) %}{% endmacro %}

{% macro duckdb__keeps_roles() %}{% do return(false) %}{% endmacro %}

{% macro snowflake__keeps_roles() %}{% do return(target.schema == 'main') %}{% endmacro %}
