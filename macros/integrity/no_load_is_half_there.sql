{# Tests that each load is whole: raw_data_staging holds as many rows as the log says were landed, numbered without a gap or a double,
   and the load has its mapping; no load of the log is gone without a rollback. Guards every figure downstream, which would
   otherwise rest on part of a file.
   Arguments: staging, mapping, log (relations of one client).
   Returns: a select statement (text): one row a broken load, in the columns of combined_tests().
   Example: {{ no_load_is_half_there(staging, mapping, log) }} #}
{% macro no_load_is_half_there(staging, mapping, log) %}
with

landed as (

    select
        load_id,
        count(*) as raw_rows,
        min(row_number) as first_row,
        max(row_number) as last_row,
        sum(row_number) as number_sum,
        sum(row_number * row_number) as square_sum
    from {{ staging }}
    group by load_id

),

mapped as (

    select
        load_id,
        max(wave_number) as wave_number,
        count(*) as mapped_columns
    from {{ mapping }}
    group by load_id

),

-- the last word of the log on each load
last_words as (

    select
        load_id,
        wave_number,
        processing_stage,
        row_count,
        row_number() over (partition by load_id order by processing_timestamp desc, processing_stage) as recency
    from {{ log }}
    where
        status = 'SUCCESS'
        and processing_stage in ('UPLOAD', 'ROLLBACK', 'REPLACE')
        and load_id is not null

),

logged as (

    select
        load_id,
        wave_number,
        row_count as logged_rows
    from last_words
    where
        recency = 1
        and processing_stage = 'UPLOAD'

),

compared as (

    select
        coalesce(mapped.wave_number, logged.wave_number) as wave_number,
        coalesce(landed.load_id, mapped.load_id, logged.load_id) as load_id,
        logged.logged_rows,
        landed.raw_rows,
        landed.first_row,
        landed.last_row,
        landed.number_sum,
        landed.square_sum,
        mapped.mapped_columns
    from landed
    full join mapped on landed.load_id = mapped.load_id
    full join logged on coalesce(landed.load_id, mapped.load_id) = logged.load_id

)

select
    'no_load_is_half_there' as test_name,
    wave_number,
    load_id,
    cast(null as varchar) as subject,
    coalesce(cast(logged_rows as varchar), 'no') || ' rows in the log' as expected,
    case
        when mapped_columns is null then 'no mapping'
        when raw_rows = logged_rows then 'row numbers with gaps or doubles'
        else coalesce(cast(raw_rows as varchar), 'no') || ' raw rows'
    end as found
from compared
where
    raw_rows is distinct from logged_rows
    or first_row is distinct from 1
    or last_row is distinct from logged_rows
    -- n numbers from 1 to n with the sum and the sum of squares of 1, 2, ... n are those
    or 2 * number_sum is distinct from cast(raw_rows as decimal(38, 0)) * (raw_rows + 1)
    or 6 * square_sum is distinct from cast(raw_rows as decimal(38, 0)) * (raw_rows + 1) * (2 * raw_rows + 1)
    or mapped_columns is null
{% endmacro %}
