{#
  Claim: for each load and each typed figure, the sum over processed_campaign_data is the sum that the loader took from
    the file itself before landing it.
  Guards: spend and clicks of every mart against a wrong type, format or mapping.
  Arguments: model (processed_campaign_data), mapping (source wave_schema_mapping of the same client).
    `beside` is a seed that no model reads: a test that has such a parent stops no model when it fails, so that one
    client's bad wave does not keep the marts of all clients from being built.
  Shows: one row a load and column that differ, with both sums.
  Left out, since its sum can't be the file's: a column with a default value, and one fed by several headers.
#}
{% test sums_agree_with_the_file(model, mapping, beside) %}
{%- set targets = numeric_targets(mapping) -%}
with

control_sums as (

    select
        load_id,
        target_column,
        max(control_sum) as file_sum
    from {{ mapping }}
    where
        mapping_rule in ('core', 'promote')
        and ordinal is not null
    group by load_id, target_column
    having
        count(*) = 1
        and max(default_value) is null
        and max(control_sum) is not null

),

processed_sums as (
    {% for target in targets %}
    select
        load_id,
        {{ text_literal(target) }} as target_column,
        cast(coalesce(sum({{ target }}), 0) as decimal(38, 8)) as processed_sum
    from {{ model }}
    group by load_id
    {{ "union all" if not loop.last }}
    {% else %}
    select
        cast(null as varchar) as load_id,
        cast(null as varchar) as target_column,
        cast(null as decimal(38, 8)) as processed_sum
    where false
    {% endfor %}
)

select
    control_sums.load_id,
    control_sums.target_column,
    control_sums.file_sum,
    processed_sums.processed_sum
from control_sums
left join processed_sums
    on
        control_sums.load_id = processed_sums.load_id
        and control_sums.target_column = processed_sums.target_column
where control_sums.file_sum is distinct from processed_sums.processed_sum
{% endtest %}
