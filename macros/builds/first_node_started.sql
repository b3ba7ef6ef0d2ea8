{# When a run of dbt came to its first node, its start hooks being done.
   Arguments: results (list): what dbt hands to on-run-end.
   Returns: a datetime, UTC without a zone, by this machine's clock.
   Example: {% set started = first_node_started(results) %} #}
{% macro first_node_started(results) %}
  {%- set started = [modules.datetime.datetime.now(modules.pytz.utc).replace(tzinfo=none)] -%}
  {%- for result in results if result.node.resource_type != 'operation' -%}
    {%- for step in result.timing if step.started_at -%}{%- do started.append(step.started_at.replace(tzinfo=none)) -%}{%- endfor -%}
  {%- endfor -%}
  {% do return(started | min) %}
{% endmacro %}
