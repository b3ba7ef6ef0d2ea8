{# The last day that has transactions, as a literal that is asked for beforehand: 'today' for the figures of the area.
   Arguments: relation (relation with transaction_date).
   Returns: a date expression (text).
   Example: {{ last_transaction_day(ref('gold__fct_transactions')) }} #}
{% macro last_transaction_day(relation) -%}
  {#- dbt docs compiles models of areas that were never built -#}
  {%- set is_there = execute and load_relation(relation) -%}
  {%- set found = run_query('select ' ~ date_text('max(transaction_date)') ~ ' from ' ~ relation).rows[0][0] if is_there else none -%}
  cast({{ text_literal(found or '1970-01-01') }} as date)
{%- endmacro %}
