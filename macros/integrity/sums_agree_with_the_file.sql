{# Tests that for each load and each typed figure, the sum over processed_campaign_data is the sum that the loader took from the file
   itself before landing it. Guards spend and clicks of every mart against a wrong type, format or mapping. Left out, since its sum can't be
   the file's: a column with a default value, and one that several headers feed without being added up.
   Arguments: processed, mapping (relations of one client).
   Returns: a select statement (text): one row a load and column that differ, in the columns of combined_tests().
   Example: {{ sums_agree_with_the_file(processed, mapping) }} #}
{% macro sums_agree_with_the_file(processed, mapping) %}
{%- set targets = numeric_targets(mapping) -%}
with

control_sums as (

    select
        load_id,
        max(wave_number) as wave_number,
        target_column,
        sum(control_sum) as file_sum
    from {{ mapping }}
    where
        mapping_rule in ('core', 'promote', 'add')
        and ordinal is not null
    group by load_id, target_column
    having
        count(case when mapping_rule <> 'add' then 1 end) = 1
        and count(control_sum) = count(*)
        and max(default_value) is null

),

sums as (

    select
        {%- for target in targets %}
        sum({{ target }}) as {{ target }},
        {%- endfor %}
        load_id
    from {{ processed }}
    group by load_id

),

processed_sums as (
    {% for target in targets %}
    select
        load_id,
        {{ text_literal(target) }} as target_column,
        cast(coalesce({{ target }}, 0) as decimal(38, 8)) as processed_sum
    from sums
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
    'sums_agree_with_the_file' as test_name,
    control_sums.wave_number,
    control_sums.load_id,
    control_sums.target_column as subject,
    cast(control_sums.file_sum as varchar) || ' in the file' as expected,
    coalesce(cast(processed_sums.processed_sum as varchar), 'no rows') as found
from control_sums
left join processed_sums
    on
        control_sums.load_id = processed_sums.load_id
        and control_sums.target_column = processed_sums.target_column
where control_sums.file_sum is distinct from processed_sums.processed_sum
{% endmacro %}
