{# Tests that the rows of a client were made by the code of today. Guards against a green build over rows that a changed macro or threshold
   would make differently: dbt builds what is new, and history only when it is asked to.
   Arguments: processed (relation of one client), client_schema (string).
   Returns: a select statement (text): one row a load of older code, in the columns of combined_tests().
   Example: {{ rows_are_of_this_code(processed, 'client_acme_meta_2024') }} #}
{% macro rows_are_of_this_code(processed, client_schema) %}
select
    'rows_are_of_this_code' as test_name,
    wave_number,
    load_id,
    min(file_name) as subject,
    'made by the code of today: dbt build --full-refresh --select clients.{{ client_schema }}+' as expected,
    cast(count(*) as varchar) || ' rows made by older code or with other thresholds' as found
from {{ processed }}
where code_version is distinct from {{ text_literal(code_version('rows')) }}
group by wave_number, load_id
{% endmacro %}
