{# The value of a column that all rows share which have the same `by` and any value; null where they differ. It tells what a row is that
   does not say it itself.
   Arguments: value, by (SQL expressions).
   Returns: an expression (text) with window functions.
   Example: coalesce(currency, {{ only_value('currency', 'campaign_name') }}) #}
{% macro only_value(value, by) -%}
  case when {{ by }} is not null and min({{ value }}) over (partition by {{ by }}) = max({{ value }}) over (partition by {{ by }}) then min({{ value }}) over (partition by {{ by }}) end
{%- endmacro %}
