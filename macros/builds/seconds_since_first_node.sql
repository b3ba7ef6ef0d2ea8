{# How long ago a run of dbt came to its first node, when its start hooks were done.
   Arguments: results (list): what dbt hands to on-run-end.
   Returns: seconds (number), by this machine's clock.
   Example: {{ seconds_before_now(seconds_since_first_node(results)) }} #}
{% macro seconds_since_first_node(results) %}
  {%- set now = modules.datetime.datetime.now(modules.pytz.utc).replace(tzinfo=none) -%}
  {%- set started = [now] -%}
  {%- for result in results if result.node.resource_type != 'operation' -%}
    {%- for step in result.timing if step.started_at -%}{%- do started.append(step.started_at.replace(tzinfo=none)) -%}{%- endfor -%}
  {%- endfor -%}
  {% do return((now - started | min).total_seconds()) %}
{% endmacro %}
