{# The table fact_click_events as the last build left it, for the models that it is then built from; ref() would be a circle.
   Returns: a relation, or none where there is none yet or on a full refresh.
   Example: {% set facts = click_events_so_far() %} #}
{% macro click_events_so_far() %}
  {%- if not execute or flags.FULL_REFRESH -%}{% do return(none) %}{%- endif -%}
  {% do return(adapter.get_relation(this.database, this.schema, 'fact_click_events')) %}
{% endmacro %}
