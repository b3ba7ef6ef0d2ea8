{# Rows with the same key say the same.
   Guards: a row that vanishes when the table is made to have each key once, though it said something else. It looks at
     the raw rows, before any of them is left out.
   Arguments: model (raw table of a feed), key (SQL expression of it, as the models take it), columns (list of columns
     that are compared).
   Shows: each key whose rows differ, with how many rows it has and where the first and last of them stand. #}
{% test rows_of_a_key_agree(model, key, columns) %}
select
    {{ key }} as row_key,
    count(*) as row_count,
    min(file_name || ' line ' || cast(line_number as varchar)) as first_place,
    max(file_name || ' line ' || cast(line_number as varchar)) as last_place
from {{ model }}
where {{ key }} is not null
group by {{ key }}
having
    {%- for column in columns %}
    {{ "or " if not loop.first }}min(coalesce(trim({{ column }}), '')) <> max(coalesce(trim({{ column }}), ''))
    {%- endfor %}
{% endtest %}
