{# Whether any transaction stands twice in a relation; asked beforehand, since numbering millions of rows costs many times as much.
   Arguments: relation (relation with transaction_id).
   Returns: bool.
   Example: {% if has_double_transactions(ref('silver__transactions')) %} #}
{% macro has_double_transactions(relation) %}
  {#- dbt docs compiles models of areas that were never built -#}
  {%- if not execute or not load_relation(relation) -%}{% do return(true) %}{%- endif -%}
  {%- set asked = 'select count(*) - count(distinct transaction_id) as doubles from ' ~ relation -%}
  {% do return(run_query(asked).rows[0][0] | int > 0) %}
{% endmacro %}
