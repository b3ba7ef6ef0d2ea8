{#
  Claim: every ad_set_name of a client stands in the client's naming_keys, once the client has any. A relationships
    test that asks nothing of clients without a naming convention, and shows where each unknown name occurs.
  Guards: reports by naming convention, which would leave those ad sets out.
  Arguments: model (processed_campaign_data), naming_keys (source of the same client).
    `beside` is a seed that no model reads: a test that has such a parent stops no model when it fails, so that one
    client's bad wave does not keep the marts of all clients from being built.
  Shows: one row a wave and unknown name, with the rows that carry it.
#}
{% test ad_sets_have_naming_keys(model, naming_keys, beside) %}
select
    rows_of_client.wave_number,
    rows_of_client.ad_set_name,
    count(*) as row_count,
    min(rows_of_client.file_name) as example_file,
    min(rows_of_client.row_number) as example_row
from {{ model }} as rows_of_client
left join (select distinct ad_set_name from {{ naming_keys }}) as known
    on rows_of_client.ad_set_name = known.ad_set_name
where
    known.ad_set_name is null
    and exists (select 1 from {{ naming_keys }})
group by rows_of_client.wave_number, rows_of_client.ad_set_name
{% endtest %}
