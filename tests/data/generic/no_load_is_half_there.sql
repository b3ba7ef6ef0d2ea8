{#
  Claim: each load is whole: raw_data_staging holds as many rows as the log says were landed, numbered without a gap,
    and the wave has its mapping; no load of the log that was not taken out again is gone.
  Guards: every figure downstream, which would otherwise rest on part of a file.
  Arguments: model (source raw_data_staging), mapping, log (relations of the same client).
    `beside` is a seed that no model reads: a test that has such a parent stops no model when it fails, so that one
    client's bad wave does not keep the marts of all clients from being built.
  Shows: one row a broken load.
#}
{% test no_load_is_half_there(model, mapping, log, beside) %}
with

landed as (

    select
        load_id,
        count(*) as raw_rows,
        min(row_number) as first_row,
        max(row_number) as last_row,
        count(distinct row_number) as distinct_rows
    from {{ model }}
    group by load_id

),

mapped as (

    select
        load_id,
        count(*) as mapped_columns
    from {{ mapping }}
    group by load_id

),

-- the last word of the log on each load
last_words as (

    select
        load_id,
        processing_stage,
        row_count,
        row_number() over (partition by load_id order by processing_timestamp desc, processing_stage) as recency
    from {{ log }}
    where
        status = 'completed'
        and processing_stage in ('load', 'rollback', 'replace')
        and load_id is not null

),

logged as (

    select
        load_id,
        row_count as logged_rows
    from last_words
    where
        recency = 1
        and processing_stage = 'load'

),

compared as (

    select
        coalesce(landed.load_id, mapped.load_id, logged.load_id) as load_id,
        logged.logged_rows,
        landed.raw_rows,
        landed.first_row,
        landed.last_row,
        landed.distinct_rows,
        mapped.mapped_columns
    from landed
    full join mapped on landed.load_id = mapped.load_id
    full join logged on coalesce(landed.load_id, mapped.load_id) = logged.load_id

)

select *
from compared
where
    raw_rows is distinct from logged_rows
    or last_row is distinct from logged_rows
    or distinct_rows is distinct from logged_rows
    or first_row is distinct from 1
    or mapped_columns is null
{% endtest %}
