{# Each row of the fact that the last ingestion touched has its member in the dimension.
   Guards: joins, which would lose such rows.
   Arguments: model (with changed_by), column (string), dimension (relation), key (string: of the dimension).
   Shows: the values without a member. #}
{% test members_exist(model, column, dimension, key) %}
select
    facts.{{ column }} as value_without_member,
    count(*) as rows_with_it
from {{ model }} as facts
left join {{ dimension }} as members on facts.{{ column }} = members.{{ key }}
where
    facts.changed_by = (select max(latest.changed_by) from {{ model }} as latest)
    and members.{{ key }} is null
group by facts.{{ column }}
{% endtest %}
