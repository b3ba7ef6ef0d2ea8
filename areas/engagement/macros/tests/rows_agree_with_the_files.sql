{# The raw table has as many rows of each current file as the ledger says were good, and none of any other.
   Guards: nothing lost, nothing counted twice.
   Arguments: model (raw table), feed (string), files (relation: ingested_files).
   Shows: the ingestions that differ. #}
{% test rows_agree_with_the_files(model, feed, files) %}
with

landed as (

    select
        ingestion_id,
        count(*) as row_count
    from {{ model }}
    group by ingestion_id

),

ledger as (

    select
        ingestion_id,
        file_name,
        rows_loaded
    from {{ files }}
    where
        feed = '{{ feed }}'
        and replaced_by is null

)

select
    coalesce(landed.ingestion_id, ledger.ingestion_id) as ingestion_id,
    ledger.file_name,
    ledger.rows_loaded,
    landed.row_count
from ledger
full join landed on ledger.ingestion_id = landed.ingestion_id
where coalesce(ledger.rows_loaded, -1) <> coalesce(landed.row_count, 0)
{% endtest %}
