{# The last run took in about as many rows as usual: of a full feed as the run before, of others as the median of the
   last seven runs.
   Guards: an export that was cut off, or sent twice under new ids.
   Arguments: model (raw table), feed (string), mode ('full' or 'append'), files (relation: ingested_files), shares
     (list of two numbers: the smallest and the largest share of the usual rows).
   Shows: the rows of the last run, and what is usual. #}
{% test volume_is_as_usual(model, feed, mode, files, shares) %}
with

runs as (

    select
        max(ingestion_id) as last_ingestion,
        sum(rows_loaded) as row_count
    from {{ files }}
    where feed = '{{ feed }}'
    group by run_id

),

in_order as (

    select
        *,
        row_number() over (order by last_ingestion desc) as place
    from runs

),

usual as (

    select median(row_count) as usual_rows
    from in_order
    where place between 2 and {{ 2 if mode == 'full' else 8 }}

)

select
    in_order.row_count,
    usual.usual_rows
from in_order
cross join usual
where
    in_order.place = 1
    and (
        in_order.row_count < {{ shares[0] }} * usual.usual_rows
        or in_order.row_count > {{ shares[1] }} * usual.usual_rows
    )
{% endtest %}
