{# The statements that make a warehouse and set it as the dbt var snowflake.warehouses says.
   Arguments: name (string), warehouse (mapping: size, auto_suspend_seconds, timeout_seconds, clusters).
   Returns: statements (text), each ended by a semicolon. Several clusters need the edition enterprise.
   Example: {{ warehouse_ddl('bi_wh', var('snowflake').warehouses.bi_wh) }} #}
{% macro warehouse_ddl(name, warehouse) -%}
create warehouse if not exists {{ name }} with warehouse_size = '{{ warehouse.size }}' auto_suspend = {{ warehouse.auto_suspend_seconds }} auto_resume = true initially_suspended = true;
alter warehouse {{ name }} set
    warehouse_size = '{{ warehouse.size }}'
    auto_suspend = {{ warehouse.auto_suspend_seconds }}
    auto_resume = true
    {%- if var('snowflake').edition == 'enterprise' and warehouse.clusters > 1 %}
    min_cluster_count = 1
    max_cluster_count = {{ warehouse.clusters }}
    scaling_policy = 'STANDARD'
    {%- endif %}
    statement_timeout_in_seconds = {{ warehouse.timeout_seconds }};
{% endmacro %}
