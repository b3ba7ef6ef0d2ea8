{# Every amount is above zero and under a bound.
   Guards: signs turned round, and units taken for cents.
   Arguments: model (any table), column (name), under (number).
   Shows: the rows that are not. #}
{% test amounts_are_within_reason(model, column, under) %}
select *
from {{ model }}
where
    {{ column }} is null
    or {{ column }} <= 0
    or {{ column }} >= {{ under }}
{% endtest %}
