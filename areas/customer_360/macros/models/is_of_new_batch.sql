{# Whether a row is of a batch that the fact has no row of yet, as numbers that are asked for beforehand. What is there is looked at, not
   the highest number: batches are made side by side, and a lower number may come later.
   Arguments: column (SQL expression: the row's batch), source (relation: raw transactions), facts (relation).
   Returns: a condition (text).
   Example: where {{ is_of_new_batch('batch_id', source('customer_360', 'transactions'), this) }} #}
{% macro is_of_new_batch(column, source, facts) -%}
  {%- set found = [] -%}
  {#- dbt docs compiles tests of areas that were never built -#}
  {%- if execute and load_relation(source) and load_relation(facts) -%}
    {%- set asked -%}
      select distinct batch_id from {{ source }} where batch_id not in (select distinct batch_id from {{ facts }})
    {%- endset -%}
    {%- do found.extend(run_query(asked).columns[0].values()) -%}
  {%- endif -%}
  {%- if found -%}
  {{ column }} in ({% for batch in found | sort %}{{ batch | int }}{{ ", " if not loop.last }}{% endfor %})
  {%- else -%}
  1 = 0
  {%- endif -%}
{%- endmacro %}
