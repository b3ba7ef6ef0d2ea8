{# The predictions of the churn model that was trained last, or no row where none was: the profile is built before and after.
   Returns: a select statement (text).
   Example: churn as ({{ churn_as_it_stands() }}) #}
{% macro churn_as_it_stands() %}
  {%- set predictions = ref('gold__churn_predictions') -%}
  {%- set is_there = execute and load_relation(predictions) is not none -%}
    select
        {% if is_there %}customer_id{% else %}cast(null as bigint) as customer_id{% endif %},
        {% if is_there %}churn_probability{% else %}cast(null as double) as churn_probability{% endif %},
        {% if is_there %}churn_decile{% else %}cast(null as bigint) as churn_decile{% endif %},
        {% if is_there %}reason_1{% else %}cast(null as varchar) as reason_1{% endif %}
    {%- if is_there %}
    from {{ predictions }}
    {%- else %}
    where 1 = 0
    {%- endif %}
{% endmacro %}
