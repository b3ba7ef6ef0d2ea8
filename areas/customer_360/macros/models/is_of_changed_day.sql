{# Whether a row is of a day, or of a month, for which transactions came since a table was built, as literals that are asked for beforehand:
   by these a warehouse passes over what it keeps of other days.
   Arguments: column (SQL date expression), facts (relation with transaction_date and changed_by), relation (relation with changed_by: the
     table that is built), whole_months (bool: all days of the months).
   Returns: a condition (text).
   Example: where {{ is_of_changed_day('transaction_date', ref('gold__fct_transactions'), this) }} #}
{% macro is_of_changed_day(column, facts, relation, whole_months=false) -%}
  {%- set found = [] -%}
  {%- if execute and load_relation(facts) -%}
    {%- set day = "date_trunc('month', transaction_date)" if whole_months else 'transaction_date' -%}
    {%- set asked -%}
      select distinct {{ date_text('cast(' ~ day ~ ' as date)') }} as day_text from {{ facts }}
      where changed_by > {{ next_change(relation) | int - 1 }}
    {%- endset -%}
    {%- do found.extend(run_query(asked).columns[0].values()) -%}
  {%- endif -%}
  {%- if not found -%}
  1 = 0
  {%- elif whole_months -%}
  (
    {%- for day in found | sort -%}
    {%- set first = "cast(" ~ text_literal(day) ~ " as date)" -%}
    {{ column }} >= {{ first }} and {{ column }} < {{ add_months(first, 1) }}{{ " or " if not loop.last }}
    {%- endfor -%}
  )
  {%- else -%}
  {{ column }} in ({% for day in found | sort %}cast({{ text_literal(day) }} as date){{ ", " if not loop.last }}{% endfor %})
  {%- endif -%}
{%- endmacro %}
