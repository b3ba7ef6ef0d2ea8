{# None of some columns is null or empty.
   Guards: silent nulls.
   Arguments: model (any table), columns (list).
   Shows: each column with empty cells, and how many. #}
{% test fields_are_filled(model, columns) %}
with

counted as (

    select
        {%- for column in columns %}
        sum(case when {{ column }} is null or cast({{ column }} as varchar) = '' then 1 else 0 end) as {{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ model }}

)
{% for column in columns %}
select
    '{{ column }}' as column_name,
    {{ column }} as empty_cells
from counted
where {{ column }} > 0
{{ "union all" if not loop.last }}
{%- endfor %}
{% endtest %}
