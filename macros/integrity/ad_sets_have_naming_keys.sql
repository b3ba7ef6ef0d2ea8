{# Tests that every ad_set_name of a client stands in the client's naming_keys, once the client has any. Asks nothing of clients without
   a naming convention. Guards reports by naming convention, which would leave those ad sets out.
   Arguments: processed, naming_keys (relations of one client).
   Returns: a select statement (text): one row a wave and unknown name, in the columns of combined_tests().
   Example: {{ ad_sets_have_naming_keys(processed, naming_keys) }} #}
{% macro ad_sets_have_naming_keys(processed, naming_keys) %}
select
    'ad_sets_have_naming_keys' as test_name,
    rows_of_client.wave_number,
    min(rows_of_client.load_id) as load_id,
    rows_of_client.ad_set_name as subject,
    'in the naming keys' as expected,
    cast(count(*) as varchar) || ' rows, one is row ' || cast(min(rows_of_client.row_number) as varchar)
    || ' of ' || min(rows_of_client.file_name) as found
from {{ processed }} as rows_of_client
left join (select distinct ad_set_name from {{ naming_keys }}) as known
    on rows_of_client.ad_set_name = known.ad_set_name
where
    known.ad_set_name is null
    and exists (select 1 from {{ naming_keys }})
group by rows_of_client.wave_number, rows_of_client.ad_set_name
{% endmacro %}
