{# The key tells the rows of a table apart, and has no empty part.
   Guards: joins on the key, which would otherwise count figures twice or lose them.
   Arguments: model (any table), key (list of columns), may_be_empty (list of columns of the key that need not be
     filled).
   Shows: each key that occurs more than once or has an empty part, with the number of rows. #}
{% test one_row_each(model, key, may_be_empty=[]) %}
select
    {%- for column in key %}
    {{ column }},
    {%- endfor %}
    count(*) as row_count
from {{ model }}
group by {{ key | join(', ') }}
having
    count(*) > 1
    {%- for column in key | reject("in", may_be_empty) %}
    or {{ column }} is null
    {%- endfor %}
{% endtest %}
