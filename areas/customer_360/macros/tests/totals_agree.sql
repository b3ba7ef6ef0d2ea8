{# A table that adds rows up has as many, and as much, as the rows themselves.
   Guards: aggregates that are built in part: a day or month that was left out or counted twice.
   Arguments: model (aggregate), facts (relation), pairs (mapping: expression over the aggregate -> expression over the
     facts).
   Shows: the expressions that differ, with both figures. #}
{% test totals_agree(model, facts, pairs) %}
{% for ours, theirs in pairs.items() %}
select
    {{ text_literal(ours) }} as figure,
    cast(one.total as decimal(38, 2)) as of_aggregate,
    cast(other.total as decimal(38, 2)) as of_facts
from (select coalesce({{ ours }}, 0) as total from {{ model }}) as one
cross join (select coalesce({{ theirs }}, 0) as total from {{ facts }}) as other
where cast(one.total as decimal(38, 2)) <> cast(other.total as decimal(38, 2))
{{ "union all" if not loop.last }}
{%- endfor %}
{% endtest %}
