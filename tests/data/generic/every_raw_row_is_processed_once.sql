{#
  Claim: every data row of every load stands in processed_campaign_data once, under the mapping that is in force, and
    nothing else does.
  Guards: marts, which would lose rows or count them twice.
  Arguments: model (processed_campaign_data), staging (source raw_data_staging of the same client).
    `beside` is a seed that no model reads: a test that has such a parent stops no model when it fails, so that one
    client's bad wave does not keep the marts of all clients from being built.
  Shows: one row a load that differs, with the counts of both sides.
#}
{% test every_raw_row_is_processed_once(model, staging, beside) %}
with

raw_rows as (

    select
        load_id,
        schema_version,
        count(*) as row_count,
        sum(row_number) as row_number_sum,
        min(row_number) as first_row,
        max(row_number) as last_row
    from {{ staging }}
    where row_kind = 'data'
    group by load_id, schema_version

),

processed_rows as (

    select
        load_id,
        schema_version,
        count(*) as row_count,
        count(distinct row_number) as distinct_rows,
        sum(row_number) as row_number_sum,
        min(row_number) as first_row,
        max(row_number) as last_row
    from {{ model }}
    group by load_id, schema_version

)

select
    coalesce(raw_rows.load_id, processed_rows.load_id) as load_id,
    coalesce(raw_rows.schema_version, processed_rows.schema_version) as schema_version,
    raw_rows.row_count as raw_row_count,
    processed_rows.row_count as processed_row_count,
    processed_rows.distinct_rows as distinct_processed_rows
from raw_rows
full join processed_rows
    on
        raw_rows.load_id = processed_rows.load_id
        and raw_rows.schema_version = processed_rows.schema_version
where
    raw_rows.row_count is distinct from processed_rows.row_count
    or raw_rows.row_count is distinct from processed_rows.distinct_rows
    or raw_rows.row_number_sum is distinct from processed_rows.row_number_sum
    or raw_rows.first_row is distinct from processed_rows.first_row
    or raw_rows.last_row is distinct from processed_rows.last_row
{% endtest %}
