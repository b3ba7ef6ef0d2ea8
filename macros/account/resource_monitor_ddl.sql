{# The statements that watch a warehouse's credits of a month: people are notified at 75 %, at 100 % it stops when the statements that run have
   ended.
   Arguments: name (string: the warehouse), warehouse (mapping with credits).
   Returns: statements (text), each ended by a semicolon.
   Example: {{ resource_monitor_ddl('bi_wh', var('snowflake').warehouses.bi_wh) }} #}
{% macro resource_monitor_ddl(name, warehouse) -%}
{%- set monitor = name ~ '_monitor' -%}
create resource monitor if not exists {{ monitor }} with
    credit_quota = {{ warehouse.credits }}
    frequency = monthly
    start_timestamp = immediately
    triggers on 75 percent do notify on 100 percent do suspend;
alter resource monitor {{ monitor }} set credit_quota = {{ warehouse.credits }};
alter warehouse {{ name }} set resource_monitor = {{ monitor }};
{% endmacro %}
