{# Tests that every data row of every load stands in processed_campaign_data once, under the mapping that is in force, and nothing else
   does. Guards marts, which would lose rows or count them twice.
   Arguments: processed, staging (relations of one client).
   Returns: a select statement (text): one row a load that differs, in the columns of combined_tests().
   Example: {{ every_raw_row_is_processed_once(processed, staging) }} #}
{% macro every_raw_row_is_processed_once(processed, staging) %}
with

raw_rows as (

    {{ rows_of_loads(staging, "row_kind = 'data'") | indent(4) }}

),

processed_rows as (

    {{ rows_of_loads(processed) | indent(4) }}

)

select
    'every_raw_row_is_processed_once' as test_name,
    coalesce(raw_rows.wave_number, processed_rows.wave_number) as wave_number,
    coalesce(raw_rows.load_id, processed_rows.load_id) as load_id,
    'mapping ' || cast(coalesce(raw_rows.schema_version, processed_rows.schema_version) as varchar) as subject,
    coalesce(cast(raw_rows.row_count as varchar), 'no') || ' data rows' as expected,
    coalesce(cast(processed_rows.row_count as varchar), 'no') || ' processed rows'
    || case when raw_rows.row_count = processed_rows.row_count then ', not the same ones' else '' end as found
from raw_rows
full join processed_rows
    on
        raw_rows.load_id = processed_rows.load_id
        and raw_rows.schema_version = processed_rows.schema_version
where
    raw_rows.row_count is distinct from processed_rows.row_count
    or raw_rows.number_sum is distinct from processed_rows.number_sum
    or raw_rows.square_sum is distinct from processed_rows.square_sum
    or raw_rows.first_row is distinct from processed_rows.first_row
    or raw_rows.last_row is distinct from processed_rows.last_row
{% endmacro %}
